import type { ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import { Icon } from "./Icon.js";
import { useKeyOf } from "./Keymap.js";
import { useStore } from "./useStore.js";

export function ToolRail({ editor }: { editor: Editor }): ReactElement {
  const current = useStore(editor.state, (state) => state.tool);
  const keyOf = useKeyOf();
  return (
    <div className="rail" role="toolbar" aria-label="Tools" aria-orientation="vertical">
      {editor.tools.map(({ id, name, hint }) => (
        <button key={id} className="tool" aria-pressed={id === current} aria-label={name} title={`${name} (${keyOf(`tool.${id}`)}). ${hint}`} onClick={() => editor.setTool(id)}>
          <Icon name={id} /><kbd aria-hidden="true">{keyOf(`tool.${id}`)}</kbd>
        </button>
      ))}
    </div>
  );
}
