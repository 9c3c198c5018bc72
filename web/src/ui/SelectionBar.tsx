import { Fragment, type ReactElement } from "react";
import type { Command } from "../engine/commands.js";
import type { Editor } from "../engine/Editor.js";
import { Icon } from "./Icon.js";
import { useCommands, useKeyOf } from "./Keymap.js";
import "./SelectionBar.css";
import { useStore } from "./useStore.js";

/** What is offered, in groups that belong together: command and icon. */
const ACTS: readonly (readonly (readonly [command: string, icon: string])[])[] = [
  [["object.alignLeft", "alignLeft"], ["object.alignCentre", "alignCentre"], ["object.alignRight", "alignRight"]],
  [["object.alignTop", "alignTop"], ["object.alignMiddle", "alignMiddle"], ["object.alignBottom", "alignBottom"]],
  [["object.spreadAcross", "spreadAcross"], ["object.spreadDown", "spreadDown"]],
  [["object.front", "front"], ["object.back", "back-of-stack"]],
  [["edit.duplicate", "copy"]],
];

/** Acts on several selected objects, for the pointer; there only while several are selected. */
export function SelectionBar({ editor }: { editor: Editor }): ReactElement | null {
  const count = useStore(editor.state, (state) => state.selection.length);
  useStore(editor.state, (state) => state.display);
  const commands = useCommands(), keyOf = useKeyOf();
  if (count < 2) return null;
  const find = (id: string): Command | undefined => commands.find((command) => command.id === id);
  return (
    <div className="selection-bar" role="toolbar" aria-label={`${count} selected objects`}>
      {ACTS.map((group, i) => (
        <Fragment key={i}>
          {i > 0 && <span className="apart" aria-hidden="true" />}
          {group.map(([id, icon]) => {
            const command = find(id);
            if (command === undefined) return null;
            const available = command.available(editor), keys = keyOf(id);
            const words = `${command.name}${keys === "" ? "" : ` (${keys})`}${available === true ? "" : `. ${available}`}`;
            return <button key={id} aria-label={command.name} title={words} disabled={available !== true} onClick={() => void command.run(editor)}><Icon name={icon} size={16} /></button>;
          })}
        </Fragment>
      ))}
    </div>
  );
}
