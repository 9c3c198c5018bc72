import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactElement } from "react";
import type { TaskRow } from "../../api/tasks.js";
import { labelChoices, type Taxonomy } from "../../model/taxonomy.js";
import { Palette } from "../../scenes/image/palette.js";
import { go } from "../route.js";
import type { Column } from "./columns.js";
import { coverage, holds, marked, range, type Selection } from "./selection.js";
import { StatusMark } from "./status.js";
import { Thumbnail } from "./Thumbnail.js";
import { lastOpened, rememberOpened } from "./useTaskList.js";

interface Props {
  readonly rows: readonly TaskRow[];
  readonly columns: readonly Column[];
  /** What the tasks have in common, where they are of one project. */
  readonly taxonomy: Taxonomy | null;
  readonly selection: Selection;
  readonly onSelect: (selection: Selection) => void;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly loading: boolean;
  readonly onNext: () => void;
  readonly onBack: () => void;
}

/**
 * The tasks of one page as a grid. The keyboard walks the rows: arrows or j and k, Space or x chooses, with Shift a range, Enter opens,
 * the page keys turn the page.
 */
export function TaskTable({ rows, columns, taxonomy, selection, onSelect, sort, onSort, loading, onNext, onBack }: Props): ReactElement {
  const ids = useMemo(() => rows.map(({ task_id: id }) => id), [rows]);
  const palette = useMemo(() => {
    const known = taxonomy === null ? [] : labelChoices(taxonomy).map(({ choice }) => choice), seen = rows.flatMap(({ shapes }) => shapes.flatMap(({ label }) => label ?? []));
    return new Palette([...new Set([...known, ...seen.sort()])], taxonomy?.colours);
  }, [rows, taxonomy]);
  const [at, setAt] = useState(0);
  const [anchor, setAnchor] = useState<string | null>(null);
  const body = useRef<HTMLTableSectionElement>(null), header = useRef<HTMLInputElement>(null);
  const current = Math.min(at, rows.length - 1), covered = coverage(selection, ids);
  useEffect(() => {
    const back = ids.indexOf(lastOpened() ?? "");
    setAt(Math.max(0, back));
    if (back < 0 || document.activeElement !== document.body) return;
    const row = body.current?.querySelectorAll<HTMLElement>("tr")[back];
    row?.focus({ preventScroll: true });
    void row?.scrollIntoView({ block: "nearest" });
  }, [ids]);
  useEffect(() => {
    // From nowhere, the keys of the rows lead to them.
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (document.activeElement !== document.body || event.ctrlKey || event.metaKey || event.altKey || !["j", "k", "ArrowDown", "ArrowUp"].includes(event.key)) return;
      body.current?.querySelector<HTMLElement>("tr[tabindex='0']")?.focus();
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  useEffect(() => { if (header.current !== null) header.current.indeterminate = covered === "some"; }, [covered]);

  const toggle = (id: string, extend: boolean) => {
    onSelect(marked(selection, extend ? range(ids, anchor, id) : [id], extend || !holds(selection, id)));
    setAnchor(id);
  };
  const focus = (to: number, extend: boolean) => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    if (extend) {
      onSelect(marked(selection, range(ids, anchor ?? ids[current], ids[next]), true));
      if (anchor === null) setAnchor(ids[current]);
    }
    setAt(next);
    body.current?.querySelectorAll<HTMLElement>("tr")[next]?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    // Links and boxes in a row have keys of their own.
    if (event.target !== event.currentTarget && !(event.target instanceof HTMLTableRowElement)) return;
    if (event.altKey) return;
    const moves: { readonly [key: string]: number } = { ArrowDown: current + 1, j: current + 1, ArrowUp: current - 1, k: current - 1, Home: 0, End: rows.length - 1 };
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key === "a") onSelect(marked(selection, ids, true));
    else if (control) return;
    else if (event.key in moves) focus(moves[event.key], event.shiftKey);
    else if (event.key === " " || event.key === "x" || event.key === "X") toggle(ids[current], event.shiftKey);
    else if (event.key === "Enter") openTask(ids[current]);
    else if (event.key === "PageDown") onNext();
    else if (event.key === "PageUp") onBack();
    else return;
    event.preventDefault();
  };
  return (
    <div className="task-scroll">
      <table className={loading ? "list tasks-list waiting" : "list tasks-list"} role="grid" aria-label="Tasks" aria-multiselectable="true" aria-busy={loading}>
        <thead>
          <tr>
            <th className="tick-cell"><input ref={header} type="checkbox" aria-label="Choose all on this page" checked={covered === "all"} disabled={selection.kind === "all"} onChange={() => onSelect(marked(selection, ids, covered !== "all"))} /></th>
            <th><span className="hidden">Picture</span></th>
            <Heading column={{ id: "task", title: "Task", sort: "unique_id", cell: () => null }} sort={sort} onSort={onSort} />
            {columns.map((column) => <Heading key={column.id} column={column} sort={sort} onSort={onSort} />)}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKey}>
          {rows.map((row, i) => (
            <Row key={row.task_id} row={row} columns={columns} palette={palette} chosen={holds(selection, row.task_id)} fixed={selection.kind === "all"} current={i === current} onFocus={() => setAt(i)} onToggle={(extend) => toggle(row.task_id, extend)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function openTask(id: string): void {
  rememberOpened(id);
  go(`task/${id}`);
}

function Heading({ column: { title, sort: by, look }, sort, onSort }: { column: Column; sort: string; onSort: (sort: string) => void }): ReactElement {
  if (by === undefined) return <th className={look}>{title}</th>;
  const down = sort === `-${by}`, up = sort === by;
  return (
    <th className={look} aria-sort={down ? "descending" : up ? "ascending" : "none"}>
      <button className="sort" onClick={() => onSort(down ? by : `-${by}`)}>{title}<span aria-hidden="true">{down ? " ↓" : up ? " ↑" : ""}</span></button>
    </th>
  );
}

interface RowProps {
  readonly row: TaskRow;
  readonly columns: readonly Column[];
  readonly palette: Palette;
  readonly chosen: boolean;
  /** All that match are chosen; one row cannot be let go. */
  readonly fixed: boolean;
  readonly current: boolean;
  readonly onFocus: () => void;
  readonly onToggle: (extend: boolean) => void;
}

function Row({ row, columns, palette, chosen, fixed, current, onFocus, onToggle }: RowProps): ReactElement {
  const { task_id: id, unique_id: unique, error, is_test: isTest } = row;
  const open = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest("a, button, input, label") !== null) return;
    if (event.shiftKey || event.ctrlKey || event.metaKey) onToggle(event.shiftKey);
    else openTask(id);
  };
  return (
    <tr className={chosen ? "chosen" : ""} tabIndex={current ? 0 : -1} aria-selected={chosen} onFocus={onFocus} onClick={open}>
      <td className="tick-cell"><input type="checkbox" tabIndex={-1} aria-label={`Choose ${unique ?? id}`} checked={chosen} disabled={fixed} onChange={() => undefined} onClick={(event) => onToggle(event.shiftKey)} /></td>
      <td className="picture-cell"><Thumbnail row={row} palette={palette} /></td>
      <td className="task-cell">
        <a href={`#/task/${id}`} tabIndex={current ? 0 : -1} onClick={() => rememberOpened(id)}>{unique ?? id}</a>{isTest && <span className="tag">test</span>}
        {unique !== null && <span className="faint small">{id}</span>}
        <span className="narrow-only"><StatusMark status={row.status} stage={row.stage} /></span>
        {error !== null && <span className="form-fault small">{error}</span>}
      </td>
      {columns.map(({ id: column, look, cell }) => <td key={column} className={look}>{cell(row)}</td>)}
    </tr>
  );
}
