import { useState, type ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import type { Operation } from "../model/document.js";
import { Dialog } from "./Dialog.js";
import { useStore } from "./useStore.js";

/** The hold on the work was lost, for instance because it was left alone too long or was opened elsewhere. */
export function LostDialog({ editor, onLeave }: { editor: Editor; onLeave: () => void }): ReactElement {
  const waiting = useStore(editor.state, (state) => state.sync.waiting);
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState("");
  const reclaim = () => {
    setBusy(true);
    editor.reclaim().then(
      (taken) => { if (!taken) setAnswer("It cannot be had: somebody else holds it now, or it was finished or withdrawn."); },
      (error: unknown) => setAnswer(error instanceof Error ? error.message : String(error)),
    ).finally(() => setBusy(false));
  };
  return (
    <Dialog title="This work is no longer held for you">
      <p>It was opened elsewhere, or its time ran out because nothing was heard of this page for too long. {keptWords(waiting)} If you take it again, you see what was done meanwhile, and are asked where both of you changed the same thing.</p>
      <p className="form-fault" role="alert">{answer}</p>
      <div className="actions">
        <button className="primary" disabled={busy} onClick={reclaim}>Take it again and go on</button>
        <button onClick={onLeave}>Back to the queue</button>
      </div>
    </Dialog>
  );
}

/** Giving work back, asked once, since somebody else may have it a moment later. */
export function ReleaseDialog({ editor, onReleased, onClose }: { editor: Editor; onReleased: () => void; onClose: () => void }): ReactElement {
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState("");
  const release = () => {
    setBusy(true);
    void editor.release().then((result) => {
      setBusy(false);
      if (result.done) return onReleased();
      return setAnswer(result.message);
    });
  };
  return (
    <Dialog title="Give this work back?" onClose={onClose}>
      <p>It returns to the queue with everything that is drawn, and somebody else may go on with it.</p>
      <p className="form-fault" role="alert">{answer}</p>
      <div className="actions">
        <button className="primary" disabled={busy} onClick={release}>Give it back</button>
        <button onClick={onClose}>Keep it</button>
      </div>
    </Dialog>
  );
}

/** The server does not take a change as it is. It holds up nothing else; the person decides what becomes of it. */
export function RefusedDialog({ editor }: { editor: Editor }): ReactElement {
  const refused = useStore(editor.state, (state) => state.sync.refused);
  const one = refused.length === 1;
  return (
    <Dialog title={one ? "The server refused a change" : `The server refused ${refused.length} changes`}>
      <p>{one ? "This change is kept here, but it is not part of the work. Everything else you did goes on." : "These changes are kept here, but they are not part of the work. Everything else you did goes on."}</p>
      <ul className="refused">
        {refused.map(({ entry, message }) => <li key={entry.id}><b>{changeWords(editor, entry.operations)}</b><br />{message}</li>)}
      </ul>
      <div className="actions">
        <button className="primary" data-first onClick={() => void editor.retryRefused()}>Try again</button>
        <button onClick={() => void editor.dropRefused()}>{one ? "Give up this change" : "Give up these changes"}</button>
      </div>
    </Dialog>
  );
}

/** The server answers, but lets this person do nothing on the work; trying again is all that can be done from here. */
export function StoppedDialog({ editor, onLeave }: { editor: Editor; onLeave: () => void }): ReactElement {
  const { waiting, message } = useStore(editor.state, (state) => state.sync);
  return (
    <Dialog title="The work cannot go on for now">
      <p>{message}</p>
      <p>{keptWords(waiting)}</p>
      <div className="actions">
        <button className="primary" data-first onClick={() => editor.resume()}>Try again</button>
        <button onClick={onLeave}>Back to the queue</button>
      </div>
    </Dialog>
  );
}

function keptWords(waiting: number): string {
  if (waiting === 0) return "Everything you did was saved.";
  return waiting === 1 ? "One change of yours is not on the server yet; it is kept here." : `${waiting} changes of yours are not on the server yet; they are kept here.`;
}

/** A step as a person would call it: what happened to the one object, or to how many. */
function changeWords(editor: Editor, operations: readonly Operation[]): string {
  if (operations.length > 1) return `A change of ${operations.length} things`;
  const [{ collection, before, after }] = operations;
  const object = after ?? before;
  const label = typeof object?.label === "string" ? editor.nameOf(object.label) : collection === "attributes" ? "an answer for the whole picture" : "an object";
  return `${after === null ? "Removing" : before === null ? "Adding" : "Changing"} ${label}`;
}
