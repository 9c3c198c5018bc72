import { useState, type ReactElement } from "react";
import { labelsFrom, readEntry, writeEntry, type LabelEntry } from "../../model/building/labels.js";
import { moveElement } from "../../model/building/members.js";
import type { Json } from "../../model/json.js";
import { Menu, type MenuItem } from "../../ui/Menu.js";
import { DraftInput } from "./DraftInput.js";

/** How deep labels may be nested. */
const DEEPEST = 8;

interface Props {
  readonly list: readonly Json[];
  /** What one of these is called: "class", "choice". */
  readonly noun: string;
  readonly depth?: number;
  readonly onChange: (list: readonly Json[]) => void;
  /** Renames wherever the name is used; the other changes concern the list alone. */
  readonly onRename: (from: string, to: string) => void;
  readonly colourOf?: (choice: string) => string;
  /** Null gives the colour back to the palette. */
  readonly onColour?: (choice: string, colour: string | null) => void;
  /** Further things to do with a label. */
  readonly further?: (choice: string) => readonly MenuItem[];
  readonly addLabel: string;
}

/** Labels, nested to any depth that the server takes: names, what people see, order, colours. */
export function LabelTree(props: Props): ReactElement {
  const { list, onChange, addLabel } = props;
  const entries = list.map(readEntry);
  const taken = entries.flatMap((entry) => (entry === null ? [] : [entry.choice]));
  return (
    <>
      {list.length > 0 && (
        <ul className="label-tree">
          {list.map((item, i) => {
            const entry = entries[i];
            const replace = (next: Json | null) => onChange(next === null ? list.filter((_, at) => at !== i) : list.map((one, at) => (at === i ? next : one)));
            return <li key={i}>{entry === null ? <p className="faint">Something else stands here; change it in the JSON.</p> : (
              <Row {...props} item={item} entry={entry} taken={taken.filter((name) => name !== entry.choice)} replace={replace} move={(by) => onChange(moveElement(list, i, by))} first={i === 0} last={i === list.length - 1} />
            )}</li>;
          })}
        </ul>
      )}
      <AddLabels label={addLabel} taken={taken} onAdd={(names) => onChange([...list, ...names])} />
    </>
  );
}

interface RowProps extends Props {
  readonly item: Json;
  readonly entry: LabelEntry;
  readonly taken: readonly string[];
  readonly replace: (item: Json | null) => void;
  readonly move: (by: number) => void;
  readonly first: boolean;
  readonly last: boolean;
}

function Row(props: RowProps): ReactElement {
  const { item, entry, taken, replace, move, first, last, noun, depth = 1, onRename, colourOf, onColour, further } = props;
  const [nesting, setNesting] = useState(false);
  const { choice, display, children } = entry;
  const isHeading = children.length > 0;
  const items: MenuItem[] = [
    ...(isHeading ? [] : further?.(choice) ?? []),
    ...(depth < DEEPEST && !isHeading ? [{ name: `Nest ${noun === "class" ? "classes" : "choices"} below it`, keys: "", run: () => setNesting(true) }] : []),
    ...(first ? [] : [{ name: "Move up", keys: "", run: () => move(-1) }]),
    ...(last ? [] : [{ name: "Move down", keys: "", run: () => move(1) }]),
    ...(onColour === undefined || isHeading ? [] : [{ name: "Colour of the palette", keys: "", run: () => onColour(choice, null) }]),
    { name: isHeading ? "Delete with all below" : "Delete", keys: "", run: () => replace(null) },
  ];
  return (
    <>
      <div className="label-row">
        {onColour !== undefined && colourOf !== undefined && !isHeading && <input type="color" aria-label={`Colour of ${choice}`} title={`Colour of ${choice}`} value={colourOf(choice)} onChange={(event) => onColour(choice, event.target.value)} />}
        <DraftInput
          quiet label={`Name of the ${noun} ${choice}`} value={choice} onCommit={(text) => onRename(choice, text)}
          refuse={(text) => (text === "" ? "It needs a name." : taken.includes(text) ? `There is a ${noun} "${text}" already.` : null)}
        />
        <DraftInput quiet label={`What people see for ${choice}`} value={display} placeholder={isHeading ? "heading, shown as" : "shown as"} onCommit={(text) => replace(writeEntry(item, { display: text }))} />
        <Menu name={`More about ${choice}`} items={items} />
      </div>
      {(isHeading || nesting) && (
        <div className="label-below">
          <LabelTree {...props} list={children} depth={depth + 1} addLabel={`Add a ${noun} below ${choice}`} onChange={(below) => replace(writeEntry(item, { children: below }))} />
        </div>
      )}
    </>
  );
}

/** A field that adds what is typed; a pasted list adds one for each line. */
function AddLabels({ label, taken, onAdd }: { label: string; taken: readonly string[]; onAdd: (names: readonly string[]) => void }): ReactElement {
  const [text, setText] = useState("");
  const [fault, setFault] = useState("");
  const add = (typed: string) => {
    if (typed.trim() === "") return;
    const names = labelsFrom(typed, taken);
    setFault(names.length === 0 ? `"${typed.trim()}" is there already.` : "");
    if (names.length === 0) return;
    onAdd(names);
    setText("");
  };
  return (
    <span className="add-labels">
      <input
        aria-label={label} placeholder={`${label}, Enter`} value={text} spellCheck={false} autoComplete="off" maxLength={1000}
        onChange={(event) => { setText(event.target.value); setFault(""); }} onBlur={() => add(text)}
        onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); add(text); } }}
        onPaste={(event) => {
          const pasted = event.clipboardData.getData("text");
          if (!pasted.trim().includes("\n")) return;
          event.preventDefault();
          add(pasted);
        }}
      />
      {fault !== "" && <span className="fault" role="alert">{fault}</span>}
    </span>
  );
}
