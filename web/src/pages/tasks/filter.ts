import type { FilterBody } from "../../api/tasks.js";

/** What a list is narrowed down to: values by the names of the server's query. Names without values are left out. */
export interface Filter {
  readonly [name: string]: readonly string[];
}

export type Editing = "words" | "name" | "tags" | "lines" | "range";

/** One thing to filter by, and how its values are given. */
export interface FilterField {
  readonly id: string;
  readonly title: string;
  readonly editing: Editing;
  /** The names it has in the query: two for a range. */
  readonly names: readonly string[];
  /** The values there are, with the words for them. */
  readonly words?: readonly (readonly [string, string])[];
}

export const STATUSES: readonly (readonly [string, string])[] = [["pending", "Pending"], ["completed", "Completed"], ["error", "Error"], ["canceled", "Canceled"]];
export const REVIEWS: readonly (readonly [string, string])[] = [["pending", "To be audited"], ["accepted", "Accepted"], ["fixed", "Fixed"], ["commented", "Commented"], ["rejected", "Rejected"]];

/** Everything that lists can be filtered by, besides the search; `project` and `status` have places of their own. */
export const FIELDS: readonly FilterField[] = [
  { id: "project", title: "Project", editing: "name", names: ["project"] },
  { id: "batch", title: "Batch", editing: "name", names: ["batch"] },
  { id: "type", title: "Type", editing: "name", names: ["type"] },
  { id: "tags", title: "Tags", editing: "tags", names: ["tags"] },
  { id: "review", title: "Audit", editing: "words", names: ["customer_review_status"], words: REVIEWS },
  { id: "created", title: "Created", editing: "range", names: ["start_time", "end_time"] },
  { id: "completed", title: "Completed", editing: "range", names: ["completed_after", "completed_before"] },
  { id: "updated", title: "Changed", editing: "range", names: ["updated_after", "updated_before"] },
  { id: "unique_id", title: "Unique id", editing: "lines", names: ["unique_id"] },
];

const NAMES = ["search", "status", ...FIELDS.flatMap(({ names }) => names)];
/** Names that may have several values; the others are sent as one text. */
const SEVERAL = new Set(["status", "customer_review_status", "unique_id", "tags"]);

export const SORTS = ["created_at", "updated_at", "completed_at", "unique_id"] as const;
export const FIRST_SORT = "-created_at";

/** The filter that an address names; what is not known is passed over. */
export function readFilter(query: URLSearchParams): Filter {
  return Object.fromEntries(NAMES.flatMap((name): [string, readonly string[]][] => {
    const values = [...new Set(query.getAll(name).filter((value) => value.trim() !== ""))];
    return values.length === 0 ? [] : [[name, SEVERAL.has(name) ? values : values.slice(0, 1)]];
  }));
}

export function readSort(query: URLSearchParams): string {
  const sort = query.get("sort") ?? FIRST_SORT;
  return (SORTS as readonly string[]).includes(sort.replace(/^-/, "")) ? sort : FIRST_SORT;
}

/** The query for filter and sort, in a fixed order, so that equal filters have equal addresses. */
export function writeQuery(filter: Filter, sort: string = FIRST_SORT): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of NAMES) for (const value of filter[name] ?? []) query.append(name, value);
  if (sort !== FIRST_SORT) query.set("sort", sort);
  return query;
}

export function bodyOf(filter: Filter): FilterBody {
  return Object.fromEntries(NAMES.flatMap((name): [string, string | readonly string[]][] => {
    const values = filter[name];
    return values === undefined ? [] : [[name, SEVERAL.has(name) ? values : values[0]]];
  }));
}

/** The filter with other values under a name; without the name when there are none. */
export function withValues(filter: Filter, name: string, values: readonly string[]): Filter {
  const { [name]: _, ...others } = filter;
  return values.length === 0 ? others : { ...others, [name]: values };
}

export function isEmpty(filter: Filter): boolean {
  return Object.keys(filter).length === 0;
}

/** Whether a field narrows the list down. */
export function isUsed(filter: Filter, { names }: FilterField): boolean {
  return names.some((name) => filter[name] !== undefined);
}

export function without(filter: Filter, { names }: FilterField): Filter {
  return names.reduce((left, name) => withValues(left, name, []), filter);
}

/** What a field is set to, in few words. */
export function fieldWords(filter: Filter, { names, editing, words }: FilterField): string {
  if (editing === "range") {
    const [from, to] = names.map((name) => filter[name]?.[0]);
    return from !== undefined && to !== undefined ? `${from} to ${to}` : from !== undefined ? `from ${from}` : to !== undefined ? `up to ${to}` : "any time";
  }
  const values = filter[names[0]] ?? [];
  const shown = values.map((value) => words?.find(([word]) => word === value)?.[1] ?? value);
  return shown.length === 0 ? "any" : shown.length > 2 ? `${shown.slice(0, 2).join(", ")} and ${shown.length - 2} more` : shown.join(", ");
}

/** The whole filter as a sentence's part, such as "pending tasks with tag night". */
export function filterWords(filter: Filter): string {
  const status = (filter.status ?? []).join(" or ");
  const parts = [
    ...FIELDS.filter((field) => isUsed(filter, field)).map((field) => `${field.title.toLowerCase()} ${fieldWords(filter, field)}`),
    ...(filter.search === undefined ? [] : [`found by "${filter.search[0]}"`]),
  ];
  return `${status === "" ? "all" : status} tasks${parts.length === 0 ? "" : `, ${parts.join(", ")}`}`;
}
