import { useCallback, useEffect, useMemo, useState, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import type { User } from "../../api/types.js";
import type { Project } from "../../api/projects.js";
import { tasksOf, type BulkChange, type Export, type TaskRow, type Target } from "../../api/tasks.js";
import { readTaxonomy } from "../../model/taxonomy.js";
import { remember, remembered } from "../../ui/preferences.js";
import { ExportDialog } from "../exports/ExportDialog.js";
import { ExportCard } from "../exports/ExportState.js";
import { useLive } from "../insight/useLive.js";
import { LEADS } from "../manage/roles.js";
import { replaceQuery, useQuery } from "../route.js";
import type { ActionText } from "./actions.js";
import { BulkDialog } from "./BulkDialog.js";
import { ChangeList } from "./ChangeList.js";
import { ColumnChooser } from "./ColumnChooser.js";
import { choicesFor, readColumns, writeColumns } from "./columns.js";
import { bodyOf, filterWords, isEmpty, readFilter, readSort, withValues, writeQuery, type Filter } from "./filter.js";
import { FilterBar } from "./FilterBar.js";
import { Pager } from "./Pager.js";
import { countOf, EVERYTHING, isNone, NOBODY, type Selection } from "./selection.js";
import { SelectionLine } from "./SelectionLine.js";
import { TaskTable } from "./TaskTable.js";
import { useBulkChanges } from "./useBulkChanges.js";
import { useTaskList } from "./useTaskList.js";
import "./tasks.css";

const SIZES = [25, 50, 100];

interface Props {
  readonly api: Api;
  readonly user: User;
  /** The one project that is shown; null for all of the account. */
  readonly project: Project | null;
}

/** The tasks of the account or of one project: found, read and changed in any number. The address keeps what is shown. */
export function TasksPage({ api, user, project: shown }: Props): ReactElement {
  const project = shown?.name ?? null;
  const calls = useMemo(() => tasksOf(api), [api]);
  // The colours that the project's editor has; of several projects each would say something else.
  const taxonomy = useMemo(() => (shown === null ? null : readTaxonomy(shown.params)), [shown]);
  const address = useQuery();
  const own = readFilter(address), sort = readSort(address);
  const filter: Filter = project === null ? own : withValues(own, "project", [project]);
  const query = writeQuery(filter, sort).toString();
  const memory = project === null ? "columns.tasks" : "columns.project-tasks";
  const [columns, setColumns] = useState(() => readColumns(remembered(memory, ""), project !== null));
  const [size, setSize] = useState(() => SIZES.find((choice) => String(choice) === remembered("tasks.page", "")) ?? 50);
  const list = useTaskList(calls, query, size);
  const changes = useBulkChanges(calls, list.reload);
  // Only those who run the projects are told what happens in them.
  useLive(list.look, ({ object_kind: kind }) => kind === "task", LEADS.includes(user.role));
  const [selection, setSelection] = useState<Selection>(NOBODY);
  const [asked, setAsked] = useState<ActionText | "export" | null>(null);
  const [exporting, setExporting] = useState<Export | null>(null);
  // What was chosen belongs to the filter under which it was chosen; the order of the rows does not matter.
  const filterKey = writeQuery(filter).toString();
  useEffect(() => setSelection(NOBODY), [filterKey]);

  const show = useCallback((next: Filter, order: string) => replaceQuery(writeQuery(project === null ? next : withValues(next, "project", []), order)), [project]);
  const choose = (ids: readonly string[]) => {
    setColumns(ids);
    remember(memory, writeColumns(ids));
  };
  const choices = choicesFor(list.rows ?? [], columns).filter(({ id }) => project === null || id !== "project");
  const target: Target = selection.kind === "all" || isNone(selection) ? { filter: bodyOf(filter) } : { ids: [...selection.ids] };
  const total = isNone(selection) ? list.total : countOf(selection, list.total);
  const started = (change: BulkChange) => {
    changes.add(change);
    setAsked(null);
    setSelection(NOBODY);
  };
  return (
    <div className="tasks">
      <FilterBar calls={calls} filter={filter} fixedProject={project !== null} onChange={(next) => show(next, sort)} />
      <div className="list-line">
        <SelectionLine
          rows={list.rows ?? []} total={list.total} least={list.least} selection={selection} isFiltered={!isEmpty(own)} only={sortWords(sort)}
          onAll={() => setSelection(EVERYTHING)} onNone={() => setSelection(NOBODY)} onCount={list.countAll} onAction={setAsked}
        />
        <span role="status">{list.moved && !list.loading && <button className="link" onClick={list.reload}>The list has changed; show it</button>}</span>
        <span className="spring" />
        <ColumnChooser choices={choices} chosen={columns} onChoose={choose} />
        <button disabled={list.total === 0} onClick={() => setAsked("export")}>Export</button>
      </div>
      <ChangeList calls={calls} changes={changes} />
      {exporting !== null && <ExportCard key={exporting.id} calls={calls} begun={exporting} onClose={() => setExporting(null)} />}
      {list.fault !== "" && <div className="card notice" role="alert"><p>{list.fault}</p><button onClick={list.reload}>Try again</button></div>}
      {list.rows === null ? list.fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" />
        : list.rows.length === 0 ? <None isFiltered={!isEmpty(own)} onClear={() => show({}, sort)} />
        : (
          <TaskTable
            rows={list.rows} columns={columns.flatMap((id) => choices.find((choice) => choice.id === id) ?? [])} taxonomy={taxonomy} selection={selection} onSelect={setSelection} sort={sort}
            onSort={(next) => show(filter, next)} loading={list.loading} onNext={list.goNext} onBack={list.goBack}
          />
        )}
      <Pager list={list} size={size} sizes={SIZES} onSize={(next) => { setSize(next); remember("tasks.page", String(next)); }} />
      {asked !== null && asked !== "export" && (
        <BulkDialog
          calls={calls} text={asked} target={target} total={total} which={filterWords(filter)} project={projectOf(filter, selection, list.rows ?? [])}
          onStarted={started} onClose={() => setAsked(null)}
        />
      )}
      {asked === "export" && (
        <ExportDialog calls={calls} target={target} total={total} which={filterWords(filter)} onStarted={(made) => { setExporting(made); setAsked(null); }} onClose={() => setAsked(null)} />
      )}
    </div>
  );
}

/** Sorted by something that not every task has, the list holds only those that have it. */
function sortWords(sort: string): string {
  return sort.endsWith("completed_at") ? ", completed ones only" : sort.endsWith("unique_id") ? ", those with a unique id only" : "";
}

function None({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }): ReactElement {
  if (!isFiltered) return <p className="card idle">There are no tasks here yet.</p>;
  return <div className="card idle"><h2>No task matches</h2><p>Nothing fits all parts of the filter.</p><button onClick={onClear}>Clear the filter</button></div>;
}

/** The project that everything chosen is of, where the page can tell. */
function projectOf(filter: Filter, selection: Selection, rows: readonly TaskRow[]): string | null {
  if (filter.project !== undefined) return filter.project[0];
  if (selection.kind === "all") return null;
  const chosen = rows.filter(({ task_id: id }) => selection.ids.has(id)), projects = new Set(chosen.map(({ project }) => project));
  return chosen.length === selection.ids.size && projects.size === 1 ? chosen[0].project : null;
}
