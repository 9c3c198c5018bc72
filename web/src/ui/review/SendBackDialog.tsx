import { useId, useState, type FormEvent, type ReactElement } from "react";
import type { Review } from "../../engine/Review.js";
import { Dialog } from "../Dialog.js";
import { names } from "./people.js";
import "./review.css";

interface Props {
  readonly review: Review;
  /** Sends it back; resolves to what kept it from being sent, in words, or null. */
  readonly onSend: () => Promise<string | null>;
  readonly onClose: () => void;
}

/** Sending work back, with what is wrong with it: a reason is what helps the person who put it together. */
export function SendBackDialog({ review, onSend, onClose }: Props): ReactElement {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const id = useId();
  const { comments, rejected } = review.reasons(), has = comments + rejected > 0;
  const labeler = [...review.state.get().record.versions].reverse().find(({ kind }) => kind !== "review")?.by ?? null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (!has && text.trim() === "") return setFault("Please say in a few words what is wrong, or reject single objects first.");
    setBusy(true);
    setFault("");
    void send().then((kept) => {
      setBusy(false);
      if (kept !== null) setFault(kept);
    });
  };
  const send = async (): Promise<string | null> => {
    if (text.trim() !== "") {
      review.beginAt(null);
      const kept = await review.write(text.trim(), null);
      if (kept !== null) return kept;
      setText("");
    }
    return onSend();
  };
  const list = [...(rejected > 0 ? [`${rejected} rejected ${rejected === 1 ? "object" : "objects"}`] : []), ...(comments > 0 ? [`${comments} ${comments === 1 ? "comment" : "comments"}`] : [])];
  return (
    <Dialog title={`Send this back to ${names(labeler)}?`} onClose={onClose}>
      <form className="send-back" onSubmit={submit} noValidate>
        <p>{has ? `It goes back with ${list.join(" and ")}, and with what you changed yourself.` : "It goes back with what you say here."} It waits for the same person for a day and then for anybody; you see it again afterwards.</p>
        <div className="words">
          <label htmlFor={id}>{has ? "More to say (not needed)" : "What is wrong?"}</label>
          <textarea id={id} data-first rows={3} maxLength={4000} value={text} onChange={(event) => setText(event.target.value)} />
        </div>
        <p className="form-fault" role="alert">{fault}</p>
        <div className="actions"><button className="primary" disabled={busy}>{busy ? "Sending…" : "Send back"}</button><button type="button" onClick={onClose}>Go on reviewing</button></div>
      </form>
    </Dialog>
  );
}
