import { useState, type ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
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
      <p>It was opened elsewhere, or its time ran out, or it was changed while you submitted. {waiting === 0 ? "Everything you did was saved." : `${waiting === 1 ? "One change of yours is" : `${waiting} changes of yours are`} kept on this computer.`}</p>
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

/** The server does not take a change, which should not happen; the person decides what becomes of it. */
export function RefusedDialog({ editor }: { editor: Editor }): ReactElement {
  const { waiting, message } = useStore(editor.state, (state) => state.sync);
  return (
    <Dialog title="The server refused a change">
      <p>{message}</p>
      <p>{waiting === 1 ? "The change is" : `The last ${waiting} changes are`} kept on this computer.</p>
      <div className="actions">
        <button className="primary" onClick={() => editor.resume()}>Try again</button>
        <button onClick={() => void editor.discard()}>Give up what was not sent</button>
      </div>
    </Dialog>
  );
}
