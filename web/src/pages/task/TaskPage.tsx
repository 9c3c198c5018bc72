import { useCallback, useEffect, useMemo, useState, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { auditsOf } from "../../api/audits.js";
import { taskOf, tasksOf, type BulkChange, type OneTaskCalls, type TaskView } from "../../api/tasks.js";
import { Menu } from "../../ui/Menu.js";
import { typeWords } from "../../ui/words.js";
import type { PageProps } from "../manage/pages.js";
import { momentOf, words } from "../manage/useList.js";
import { LEADS } from "../manage/roles.js";
import { go, goInstead, linkTo } from "../route.js";
import { ACTIONS, type ActionText } from "../tasks/actions.js";
import { BulkDialog } from "../tasks/BulkDialog.js";
import { ChangeList } from "../tasks/ChangeList.js";
import { reviewWords, StatusMark } from "../tasks/status.js";
import { useBulkChanges } from "../tasks/useBulkChanges.js";
import { lastShown, rememberOpened } from "../tasks/useTaskList.js";
import { DataTab } from "./DataTab.js";
import { DeliveriesTab } from "./DeliveriesTab.js";
import { DetailsTab } from "./DetailsTab.js";
import { textOf } from "./facts.js";
import { HistoryTab } from "./HistoryTab.js";
import { ResponseTab } from "./ResponseTab.js";
import { ReviewTab } from "./ReviewTab.js";
import { WorkTab } from "./WorkTab.js";
import "./task.css";

export interface TaskTabProps {
  readonly api: Api;
  readonly view: TaskView;
  readonly calls: OneTaskCalls;
  readonly onReload: () => Promise<void>;
}

const TABS: readonly { readonly id: string; readonly name: string; readonly roles?: readonly string[]; readonly body: (props: TaskTabProps) => ReactElement }[] = [
  { id: "data", name: "Data", body: (tab) => <DataTab {...tab} /> },
  { id: "response", name: "Response", body: (tab) => <ResponseTab {...tab} /> },
  { id: "work", name: "Work and audit", body: (tab) => <WorkTab {...tab} /> },
  { id: "review", name: "Review", body: (tab) => <ReviewTab {...tab} /> },
  { id: "history", name: "History", body: (tab) => <HistoryTab {...tab} /> },
  { id: "deliveries", name: "Deliveries", roles: LEADS, body: (tab) => <DeliveriesTab {...tab} /> },
  { id: "details", name: "Details", body: (tab) => <DetailsTab {...tab} /> },
];

/** One task: what it asks, what was answered, how that came about, and what became of it. */
export function TaskPage({ api, user, rest: [id = "", chosen] }: PageProps): ReactElement {
  const calls = useMemo(() => taskOf(api, id), [api, id]), all = useMemo(() => tasksOf(api), [api]);
  const [view, setView] = useState<TaskView | null>(null);
  const [fault, setFault] = useState("");
  const [asked, setAsked] = useState<ActionText | null>(null);
  const load = useCallback(() => calls.view().then((found) => { setView(found); setFault(""); }, (error: unknown) => setFault(words(error))), [calls]);
  useEffect(() => void load(), [load]);
  const changes = useBulkChanges(all, () => void load());
  const tabs = TABS.filter(({ roles }) => roles === undefined || roles.includes(user.role));
  const tab = tabs.find((one) => one.id === chosen) ?? tabs[0];
  const name = view === null ? id : textOf(view.task.unique_id) ?? id;
  useEffect(() => { document.title = `${name} · Vernier`; }, [name]);
  const audit = () => void auditsOf(api).open({ task: id }).then(({ work }) => (work === null ? load() : go(`work/${work}`)), (error: unknown) => setFault(words(error)));
  const started = (change: BulkChange) => {
    changes.add(change);
    setAsked(null);
  };
  return (
    <>
      <Ways id={id} />
      <div className="task-head">
        <h1>{name}</h1>
        {view?.task.status === "completed" && <button onClick={audit}>Audit</button>}
        {view !== null && <Menu name="What can be done with this task" items={ACTIONS.map((action) => ({ name: action.name, keys: "", run: () => setAsked(action) }))} />}
      </div>
      {view !== null && <Facts view={view} />}
      <ChangeList calls={all} changes={changes} />
      {fault !== "" && <div className="card notice" role="alert"><p>{fault}</p><button onClick={() => void load()}>Try again</button></div>}
      <nav className="project-tabs" aria-label="Task">
        {tabs.map(({ id: to, name: title }) => <a key={to} href={linkTo("task", id, to)} aria-current={to === tab.id ? "page" : undefined}>{title}</a>)}
      </nav>
      {view === null ? fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" /> : tab.body({ api, view, calls, onReload: load })}
      {asked !== null && view !== null && (
        <BulkDialog calls={all} text={asked} target={{ ids: [id] }} total={1} which="this task" project={textOf(view.task.project)} onStarted={started} onClose={() => setAsked(null)} />
      )}
    </>
  );
}

/** Back to the list, and on to its other tasks, also by J and K. */
function Ways({ id }: { id: string }): ReactElement {
  const { address, ids } = lastShown(), at = ids.indexOf(id), known = at >= 0;
  const to = (index: number) => {
    rememberOpened(ids[index]);
    goInstead(`task/${ids[index]}`);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest("input, textarea, select, dialog, canvas, [role=listbox]") !== null;
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "j" && at >= 0 && at < ids.length - 1) to(at + 1);
      else if (event.key === "k" && at > 0) to(at - 1);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [id]);
  return (
    <div className="task-ways">
      <button className="quiet" onClick={() => go(known ? address.replace(/^#\//, "") : "tasks")}>‹ Tasks</button>
      {known && <span className="faint">{at + 1} of {ids.length} on this page of the list</span>}
      {known && <button disabled={at === 0} title="Previous task (K)" onClick={() => to(at - 1)}>Previous</button>}
      {known && <button disabled={at === ids.length - 1} title="Next task (J)" onClick={() => to(at + 1)}>Next</button>}
    </div>
  );
}

function Facts({ view: { task, stage } }: { view: TaskView }): ReactElement {
  const project = textOf(task.project), batch = textOf(task.batch), review = textOf(task.customer_review_status), completed = textOf(task.completed_at);
  const tags = Array.isArray(task.tags) ? task.tags.filter((tag): tag is string => typeof tag === "string") : [];
  return (
    <ul className="task-facts">
      <li><StatusMark status={task.status} stage={stage} /></li>
      <li>{typeWords(task.type)}</li>
      {project !== null && <li>Project <a href={linkTo("projects", project)}>{project}</a></li>}
      {batch !== null && <li>Batch <a href={`#/tasks?${new URLSearchParams({ batch }).toString()}`}>{batch}</a></li>}
      {typeof task.priority === "number" && task.priority > 0 && <li>Priority {task.priority}</li>}
      {tags.length > 0 && <li><span className="tag-list">{tags.map((tag) => <span key={tag} className="tag">{tag}</span>)}</span></li>}
      {review !== null && <li>Audit: {reviewWords(review)}</li>}
      <li className="faint">created {momentOf(textOf(task.created_at) ?? "")}</li>
      {completed !== null && <li className="faint">completed {momentOf(completed)}</li>}
      {task.is_test === true && <li><span className="tag">test</span></li>}
    </ul>
  );
}
