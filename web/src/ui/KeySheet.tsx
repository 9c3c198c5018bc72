import type { ReactElement, ReactNode } from "react";
import type { Command, Scope } from "../engine/commands.js";
import type { Editor } from "../engine/Editor.js";
import { partsOf, type Bindings } from "../engine/keymap.js";
import { Dialog } from "./Dialog.js";
import "./KeySheet.css";

const PLACES: readonly { readonly scope: Scope; readonly title: string }[] = [
  { scope: "work", title: "Everywhere" }, { scope: "canvas", title: "On the picture" },
  { scope: "list", title: "In the list of objects" }, { scope: "answers", title: "In the questions" },
];
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^label\.\d+$/, "Choose the label with this digit"], [/^object\.(left|right|up|down)$/, "Nudge by 1 px"],
  [/^object\.(left|right|up|down)\.far$/, "Nudge by 10 px"], [/^view\.pan-/, "Look further left, right, up, down"],
];
/** What hands do that are no commands. */
const POINTER: readonly (readonly [string, string])[] = [
  ["Wheel", "Zoom about the pointer"], ["Space and drag, middle button", "Pan"], ["Alt and click", "Remove a vertex"],
  ["Drag the middle of an edge", "Insert a vertex"], ["Shift and click", "Select one more"],
  ["Shift, while drawing or pulling", "Square, circle, the same proportions, angles in steps of 15°"], ["Alt, while drawing or pulling", "From the centre, about the centre"],
];
const KEYBOARD_POINTER: readonly (readonly [string, string])[] = [
  ["Arrow keys, while drawing", "Move the cross by 1 px; with Shift by 10, with Alt by 100"], ["Enter, while drawing", "Place a point; twice at one place finishes"],
  ["Shift Enter", "Hold the button down, and let go"],
];

interface Props {
  readonly editor: Editor;
  readonly commands: readonly Command[];
  readonly bindings: Bindings;
  readonly onClose: () => void;
  readonly onChange: () => void;
}

/** Every key, by where it works. It reads what the keys themselves are read from. */
export function KeySheet({ editor, commands, bindings, onClose, onChange }: Props): ReactElement {
  const keyed = commands.filter((command) => (bindings.get(command.id)?.length ?? 0) > 0 && (command.group !== "Tools" || command.available(editor) === true));
  return (
    <Dialog title="Keys" wide onClose={onClose}>
      <div className="sheet" tabIndex={0} role="region" aria-label="All keys">
        {PLACES.map(({ scope, title }) => {
          const here = keyed.filter((command) => command.scope === scope);
          return here.length === 0 ? null : (
            <section key={scope}>
              <h3>{title}</h3>
              <dl>{lines(here, bindings).map(({ name, chords }) => <Line key={name} name={name}>{chords.map((chord) => <Chord key={chord} chord={chord} />)}</Line>)}</dl>
            </section>
          );
        })}
        <Fixed title="Drawing" lines={editor.tools.filter(({ draws }) => draws !== null).map(({ name, hint }) => [name, hint] as const)} />
        <Fixed title="With the pointer" lines={POINTER} />
        <Fixed title="Drawing by keyboard" lines={KEYBOARD_POINTER} />
      </div>
      <div className="actions"><button className="primary" data-first onClick={onClose}>Close</button><button onClick={onChange}>Change keys</button></div>
    </Dialog>
  );
}

/** A line for each command; commands that differ in direction or number only share one. */
function lines(commands: readonly Command[], bindings: Bindings): { name: string; chords: readonly string[] }[] {
  const shared = new Map<string, string[]>();
  for (const { id, name } of commands) {
    const line = FAMILIES.find(([family]) => family.test(id))?.[1] ?? name;
    shared.set(line, [...(shared.get(line) ?? []), ...(bindings.get(id) ?? [])]);
  }
  return [...shared].map(([name, chords]) => ({ name, chords }));
}

function Fixed({ title, lines }: { title: string; lines: readonly (readonly [string, string])[] }): ReactElement {
  return (
    <section>
      <h3>{title}</h3>
      <dl>{lines.map(([hand, words]) => <Line key={hand} name={words}><kbd>{hand}</kbd></Line>)}</dl>
    </section>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }): ReactElement {
  return <div><dt>{children}</dt><dd>{name}</dd></div>;
}

/** A chord as it is printed on keys. */
export function Chord({ chord }: { chord: string }): ReactElement {
  return <kbd>{partsOf(chord).join(" ")}</kbd>;
}
