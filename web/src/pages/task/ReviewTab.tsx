import { useCallback, useEffect, useMemo, useState, type FormEvent, type ReactElement } from "react";
import { reviewsOf, type TaskReviews } from "../../api/reviews.js";
import type { DraftCollections } from "../../model/document.js";
import type { AnswerVersion, PastReview, Thread } from "../../model/review.js";
import { Dialog } from "../../ui/Dialog.js";
import { capital } from "../../ui/describe.js";
import { names } from "../../ui/review/people.js";
import { versionWords } from "../../ui/review/versions.js";
import { momentOf, words } from "../manage/useList.js";
import { Shown } from "./DataTab.js";
import { timeWords } from "./facts.js";
import type { TaskTabProps } from "./TaskPage.js";

const VERDICTS = { accepted: "Accepted", fixed: "Put right and accepted", rejected: "Sent back" };

/** The versions of an answer with what reviews found, and the comments. */
export function ReviewTab({ api, view, onReload }: TaskTabProps): ReactElement {
  const calls = useMemo(() => reviewsOf(api), [api]), task = view.task.task_id;
  const [record, setRecord] = useState<TaskReviews | null>(null);
  const [fault, setFault] = useState("");
  const [shown, setShown] = useState<{ readonly title: string; readonly collections: DraftCollections } | null>(null);
  const load = useCallback(() => calls.ofTask(task).then((found) => { setRecord(found); setFault(""); }, (error: unknown) => setFault(words(error))), [calls, task]);
  useEffect(() => void load(), [load]);
  const show = (version: number, title: string) => void calls.versionOfTask(task, version).then(({ collections }) => setShown({ title, collections }), (error: unknown) => setFault(words(error)));
  if (record === null) return fault === "" ? <div className="table-skeleton" role="status" aria-label="Loading" /> : <div className="card notice" role="alert"><p>{fault}</p><button onClick={() => void load()}>Try again</button></div>;
  return (
    <>
      <section className="part-section" aria-labelledby="versions-title">
        <h2 id="versions-title">Versions of the answer</h2>
        <p className="faint">{record.levels === 0 ? "Answers of this task are not reviewed now." : `Answers are reviewed ${record.levels === 1 ? "once" : "twice"} now.`}</p>
        <ol className="history">
          <li><span className="faint">Before any work</span><span className="history-words">As handed in with the task</span><button onClick={() => show(0, "As handed in with the task")}>Show</button></li>
          {record.versions.map((version) => (
            <VersionRow key={version.version} version={version} review={record.reviews.find((one) => one.version === version.version)} onShow={(title) => show(version.version, title)} />
          ))}
        </ol>
        {fault !== "" && <p className="form-fault" role="alert">{fault}</p>}
      </section>
      <section className="part-section" aria-labelledby="comments-title">
        <h2 id="comments-title">Comments</h2>
        {record.threads.length === 0 && <p className="faint">Nobody has said anything about this task.</p>}
        {record.threads.map((thread) => <Conversation key={thread.id} thread={thread} onSay={(text) => calls.commentOnTask(task, { text, thread: thread.id }).then(load)} />)}
        <Say label="New comment" onSay={(text) => calls.commentOnTask(task, { text }).then(load)} />
      </section>
      {shown !== null && (
        <Dialog title={shown.title} look="state-then" wide onClose={() => setShown(null)}>
          <Shown view={view} collections={shown.collections} onReload={onReload} />
          <div className="actions"><button onClick={() => setShown(null)}>Close</button></div>
        </Dialog>
      )}
    </>
  );
}

function VersionRow({ version, review, onShow }: { version: AnswerVersion; review: PastReview | undefined; onShow: (title: string) => void }): ReactElement {
  const title = versionWords(version.kind, version.level, names(version.by));
  const found = review === undefined ? [] : [
    ...(review.rejected.length > 0 ? [`${review.rejected.length} ${review.rejected.length === 1 ? "object" : "objects"} rejected`] : []), ...(review.comments > 0 ? [`${review.comments} ${review.comments === 1 ? "comment" : "comments"}`] : []),
  ];
  return (
    <li>
      <time dateTime={version.at}>{momentOf(version.at)}</time>
      <span className="history-words">
        {review === undefined ? title : <><b>{VERDICTS[review.verdict]}</b> in review {review.level} by {names(review.by)}</>}
        {found.length > 0 && <>: {found.join(", ")}</>}
        <span className="faint"> · {version.objects} {version.objects === 1 ? "object" : "objects"}{version.seconds === undefined ? "" : `, ${timeWords(version.seconds)}`}{version.final ? " · the task's answer from then on" : ""}</span>
      </span>
      <button onClick={() => onShow(title)}>Show</button>
    </li>
  );
}

function Conversation({ thread, onSay }: { thread: Thread; onSay: (text: string) => Promise<void> }): ReactElement {
  const about = thread.object !== null ? "About an object" : thread.at !== null ? `At ${Math.round(thread.at.x)}, ${Math.round(thread.at.y)}` : "About the task";
  return (
    <article className="card" aria-label={about}>
      <p className="faint">{about}{thread.resolved !== null && ` · settled by ${names(thread.resolved.by)}`}</p>
      {thread.comments.map((comment) => <p key={comment.id} className="conversation"><b>{capital(names(comment.by))}</b> <span className="faint">{momentOf(comment.at)}</span><br />{comment.text}</p>)}
      <Say label="Answer" onSay={onSay} />
    </article>
  );
}

/** A field for a comment that opens when it is wanted. */
function Say({ label, onSay }: { label: string; onSay: (text: string) => Promise<void> }): ReactElement {
  const [text, setText] = useState<string | null>(null);
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (busy || text === null) return;
    if (text.trim() === "") return setFault("Please say something.");
    setBusy(true);
    onSay(text.trim()).then(() => { setText(null); setFault(""); }, (error: unknown) => setFault(words(error))).finally(() => setBusy(false));
  };
  if (text === null) return <div><button className="quiet" onClick={() => setText("")}>{label}…</button></div>;
  return (
    <form className="say" onSubmit={send}>
      <textarea aria-label={label} rows={2} maxLength={4000} autoFocus value={text} onChange={(event) => setText(event.target.value)} />
      {fault !== "" && <p className="form-fault" role="alert">{fault}</p>}
      <div className="actions"><button className="primary" disabled={busy}>{busy ? "Sending…" : "Send"}</button><button type="button" onClick={() => { setText(null); setFault(""); }}>Cancel</button></div>
    </form>
  );
}
