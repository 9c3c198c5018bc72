import type { ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import type { Items } from "../engine/items.js";
import { questionOf, type Issue } from "../model/checks.js";
import type { Link } from "../model/links.js";
import { focusFirst } from "./focus.js";
import { endName } from "./LinkList.js";
import { labelName } from "./ObjectList.js";
import { useStore } from "./useStore.js";
import type { Warning } from "./warnings.js";
import "./Checks.css";

interface Props {
  readonly editor: Editor;
  readonly issues: readonly Issue[];
  readonly warnings: readonly (Issue | Warning)[];
}

/** Everything that stands in the way of a submission, and what is worth a look; a click goes there. */
export function Checks({ editor, issues, warnings }: Props): ReactElement {
  const items = useStore(editor.state, (state) => state.items);
  const row = (problem: Issue | Warning, tone: "bad" | "warning", i: number) => {
    return (
      <li key={`${"path" in problem ? problem.path : ""} ${i}`}>
        <button className="check" onClick={() => goTo(editor, problem)}>
          <i className={`dot ${tone}`} aria-hidden="true" />
          <span><b>{subjectOf(editor, items, problem.key ?? null)}</b>{problem.message}</span>
        </button>
      </li>
    );
  };
  return (
    <div className="checks">
      {issues.length === 0 && <p className="empty good-words">All rules of this task are met.</p>}
      {issues.length > 0 && <>
        <h2 className="checks-head">To fix before submitting</h2>
        <ul aria-label="Checks">{issues.map((issue, i) => row(issue, "bad", i))}</ul>
      </>}
      {warnings.length > 0 && <>
        <h2 className="checks-head">Worth a look</h2>
        <ul aria-label="Warnings">{warnings.map((warning, i) => row(warning, "warning", i))}</ul>
      </>}
    </div>
  );
}

/** What a problem is about: an object, a link between two, or the whole picture. */
function subjectOf(editor: Editor, items: Items, key: string | null): string {
  const item = items.get(key), link = linkAt(editor, key);
  if (item !== null) return `${items.numberOf(item.key)} ${labelName(editor, item.label)}`;
  return link === null ? "Whole picture" : `${endName(editor, link.from)} ${editor.nameOf(link.label)} → ${endName(editor, link.to)}`;
}

function linkAt(editor: Editor, key: string | null): Link | null {
  return editor.links().find((link) => link.key === key) ?? null;
}

/** Selects what a problem is about, brings it into sight and puts the focus on its question. */
export function goTo(editor: Editor, problem: Issue | Warning): void {
  const { key } = problem;
  const link = linkAt(editor, key ?? null);
  if (key !== undefined && editor.state.get().items.get(key) !== null) editor.reveal(key);
  else if (link !== null) {
    editor.reveal(link.from);
    editor.selectLink(link.key);
  } else editor.select(null);
  const question = "path" in problem ? questionOf(problem.path) : null;
  // The questions of what was just selected are on the page in the next frame.
  if (question !== null) requestAnimationFrame(() => focusFirst(`[data-question="${CSS.escape(question)}"] :is(input, textarea, select, button)`));
  else if ("path" in problem && problem.path.endsWith(".label")) requestAnimationFrame(() => focusFirst("#object-label"));
}
