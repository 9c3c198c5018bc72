import type { ReactNode } from "react";
import type { TaskRow } from "../../api/tasks.js";
import type { Json } from "../../model/json.js";
import { typeWords } from "../../ui/words.js";
import { momentOf } from "../manage/useList.js";
import { linkTo } from "../route.js";
import { reviewWords, StatusMark } from "./status.js";

/** A column besides picture and task, which are always there. */
export interface Column {
  readonly id: string;
  readonly title: string;
  /** What the server sorts by under this column. */
  readonly sort?: string;
  readonly look?: string;
  readonly cell: (row: TaskRow) => ReactNode;
}

const NOTHING = <span className="faint" aria-label="none">–</span>;

export const COLUMNS: readonly Column[] = [
  { id: "status", title: "Status", cell: ({ status, stage }) => <StatusMark status={status} stage={stage} /> },
  { id: "project", title: "Project", cell: ({ project }) => (project === null ? NOTHING : <a href={linkTo("projects", project)}>{project}</a>) },
  { id: "batch", title: "Batch", cell: ({ batch }) => batch ?? NOTHING },
  { id: "type", title: "Type", cell: ({ type }) => typeWords(type) },
  { id: "priority", title: "Priority", look: "number", cell: ({ priority }) => (priority === 0 ? NOTHING : priority) },
  { id: "tags", title: "Tags", cell: ({ tags }) => (tags.length === 0 ? NOTHING : <span className="tag-list">{tags.map((tag) => <span key={tag} className="tag">{tag}</span>)}</span>) },
  { id: "objects", title: "Objects", look: "number", cell: ({ status, shape_count: count }) => (status !== "completed" ? NOTHING : count ?? <span title="The answer is too large to be looked at in a list">many</span>) },
  { id: "audit", title: "Audit", cell: ({ customer_review_status: review }) => (review === null ? NOTHING : reviewWords(review)) },
  { id: "created_at", title: "Created", sort: "created_at", look: "time", cell: ({ created_at: at }) => momentOf(at) },
  { id: "updated_at", title: "Changed", sort: "updated_at", look: "time", cell: ({ updated_at: at }) => momentOf(at) },
  { id: "completed_at", title: "Completed", sort: "completed_at", look: "time", cell: ({ completed_at: at }) => (at === null ? NOTHING : momentOf(at)) },
  { id: "callback", title: "Callback", cell: ({ callback_succeeded: done }) => (done === null ? NOTHING : done ? "arrived" : "failed") },
  { id: "metadata", title: "Metadata", look: "words", cell: ({ metadata }) => (Object.keys(metadata).length === 0 ? NOTHING : Object.entries(metadata).map(([name, value]) => `${name}: ${plain(value)}`).join(", ")) },
];

const USUAL = ["status", "project", "batch", "tags", "objects", "created_at"];
const OWN = "metadata.";

/** The columns that can be chosen for some rows: the ones above, and one for each name in their metadata. */
export function choicesFor(rows: readonly TaskRow[], chosen: readonly string[]): readonly Column[] {
  const names = new Set([...rows.flatMap(({ metadata }) => Object.keys(metadata)), ...chosen.filter((id) => id.startsWith(OWN)).map((id) => id.slice(OWN.length))]);
  return [...COLUMNS, ...[...names].sort().map(metadataColumn)];
}

function metadataColumn(name: string): Column {
  return { id: `${OWN}${name}`, title: name, look: "words", cell: ({ metadata }) => (metadata[name] === undefined || metadata[name] === null ? NOTHING : plain(metadata[name])) };
}

/** The columns that were remembered, in their order; the usual ones where nothing was. */
export function readColumns(text: string, fixedProject: boolean): readonly string[] {
  const ids = text === "" ? USUAL : text.split(" ").map(decodeURIComponent);
  return ids.filter((id) => (COLUMNS.some((column) => column.id === id) || id.startsWith(OWN)) && (!fixedProject || id !== "project"));
}

export function writeColumns(ids: readonly string[]): string {
  return ids.length === 0 ? "none" : ids.map(encodeURIComponent).join(" ");
}

function plain(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
