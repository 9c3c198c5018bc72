import type { ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import { questionOf, type Issue } from "../model/checks.js";
import { focusFirst } from "./focus.js";
import { labelName } from "./ObjectList.js";
import { useStore } from "./useStore.js";

interface Props {
  readonly editor: Editor;
  readonly issues: readonly Issue[];
}

/** Everything that stands in the way of a submission; a click goes there. */
export function Checks({ editor, issues }: Props): ReactElement {
  const items = useStore(editor.state, (state) => state.items);
  if (issues.length === 0) return <p className="empty good-words">All rules of this task are met.</p>;
  const go = ({ key, path }: Issue) => {
    if (key !== undefined && items.get(key) !== null) editor.reveal(key);
    else editor.select(null);
    const question = questionOf(path);
    // The questions of what was just selected are on the page in the next frame.
    if (question !== null) requestAnimationFrame(() => focusFirst(`[data-question="${CSS.escape(question)}"] :is(input, textarea, select)`));
  };
  return (
    <ul className="checks" aria-label="Checks">
      {issues.map((issue, i) => {
        const item = items.get(issue.key ?? null);
        return (
          <li key={`${issue.path} ${i}`}>
            <button className="check" onClick={() => go(issue)}>
              <i className="dot warning" aria-hidden="true" />
              <span><b>{item === null ? "Whole picture" : `${items.numberOf(item.key)} ${labelName(editor, item.label)}`}</b>{issue.message}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
