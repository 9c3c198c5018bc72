import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent, type ReactElement } from "react";
import type { Review } from "../../engine/Review.js";
import type { Comment, Thread } from "../../model/review.js";
import { capital, itemWords } from "../describe.js";
import { useStore } from "../useStore.js";
import { names } from "./people.js";
import "./review.css";

const MOST_LETTERS = 4000;

/** The comments on a task by thread: to read, to answer, to settle, and to begin. */
export function Comments({ review }: { review: Review }): ReactElement {
  const { record, thread, beginning } = useStore(review.state, (state) => state);
  const chosen = useRef<HTMLElement>(null);
  useEffect(() => { chosen.current?.scrollIntoView({ block: "nearest" }); }, [thread]);
  const open = record.threads.filter(({ resolved }) => resolved === null), settled = record.threads.filter(({ resolved }) => resolved !== null);
  return (
    <div className="comments">
      {beginning !== null && <Beginning review={review} />}
      {beginning === null && <button className="begin" onClick={() => review.begin()}>Comment on {review.editor.state.get().selection.length > 0 ? "the selected object" : "a place"}…</button>}
      {record.threads.length === 0 && beginning === null && <p className="empty">No comments yet. Select an object, or point at a place, and say what should be different.</p>}
      {[...open, ...settled].map((one) => (
        <article key={one.id} ref={one.id === thread ? chosen : null} className={`thread ${one.resolved !== null ? "settled" : ""} ${one.id === thread ? "chosen" : ""}`} aria-label={`Comment ${numberOf(review, one.id)}`}>
          <Head review={review} thread={one} />
          {one.comments.map((comment) => <Said key={comment.id} comment={comment} />)}
          {(one.id === thread || one.resolved === null) && <Answer review={review} thread={one.id} label="Answer" />}
        </article>
      ))}
    </div>
  );
}

/** The number printed on a thread's pin. */
export function numberOf(review: Review, id: string): number {
  return review.state.get().record.threads.findIndex((thread) => thread.id === id) + 1;
}

function Head({ review, thread }: { review: Review; thread: Thread }): ReactElement {
  const item = useStore(review.editor.state, ({ items }) => items.get(thread.object));
  const [fault, setFault] = useState("");
  const about = item !== null ? itemWords(review.editor, item) : thread.object !== null ? "An object that is gone" : thread.at !== null ? "A place" : "The whole task";
  const settle = () => void review.resolve(thread.id, thread.resolved === null).then((kept) => setFault(kept ?? ""));
  return (
    <header className="thread-head">
      <button className="link about" onClick={() => review.look(thread.id)}><span className="pin-number" aria-hidden="true">{numberOf(review, thread.id)}</span> {about}</button>
      <button className="quiet settle" aria-pressed={thread.resolved !== null} title={thread.resolved === null ? "Mark as settled" : `Settled by ${names(thread.resolved.by)}; open it again`} onClick={settle}>{thread.resolved === null ? "Settle" : "✓ Settled"}</button>
      {fault !== "" && <p className="form-fault" role="alert">{fault}</p>}
    </header>
  );
}

function Said({ comment }: { comment: Comment }): ReactElement {
  const at = new Date(comment.at);
  return (
    <div className="said">
      <p className="who"><b>{capital(names(comment.by))}</b> <time dateTime={comment.at} title={at.toLocaleString()}>{at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}</time></p>
      <p className="words">{comment.text}</p>
    </div>
  );
}

function Beginning({ review }: { review: Review }): ReactElement {
  const { beginning } = useStore(review.state, (state) => state);
  const item = useStore(review.editor.state, ({ items }) => items.get(beginning?.object ?? null));
  return (
    <article className="thread chosen" aria-label="New comment">
      <header className="thread-head"><b>{item !== null ? itemWords(review.editor, item) : beginning?.at !== null ? "At the place marked" : "The whole task"}</b></header>
      <Answer review={review} thread={null} label="Comment" />
    </article>
  );
}

function Answer({ review, thread, label }: { review: Review; thread: string | null; label: string }): ReactElement {
  const [text, setText] = useState("");
  const [open, setOpen] = useState(thread === null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => { if (open) field.current?.focus(); }, [open]);
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (busy) return;
    if (text.trim() === "") return setFault("Please say something.");
    setBusy(true);
    setFault("");
    void review.write(text.trim(), thread).then((kept) => {
      setBusy(false);
      if (kept !== null) return setFault(`${kept} Your words are still here.`);
      setText("");
      setOpen(false);
    });
  };
  const cancel = () => {
    setOpen(false);
    setFault("");
    if (thread === null) review.beginAt(null);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
    else if (event.key === "Escape") cancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  if (!open) return <button className="quiet answer" onClick={() => setOpen(true)}>{label}…</button>;
  return (
    <form className="answer-form" onSubmit={send} onKeyDown={onKey}>
      <textarea ref={field} aria-label={label} rows={2} maxLength={MOST_LETTERS} value={text} placeholder={thread === null ? "What should be different?" : ""} onChange={(event) => setText(event.target.value)} />
      {fault !== "" && <p className="form-fault" role="alert">{fault}</p>}
      <div className="actions"><button className="primary" disabled={busy}>{busy ? "Sending…" : label}</button><button type="button" onClick={cancel}>Cancel</button></div>
    </form>
  );
}
