import type { ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import type { Review } from "../engine/Review.js";
import { saveWords } from "../engine/saveWords.js";
import { Icon } from "./Icon.js";
import { useKeyOf } from "./Keymap.js";
import { Menu } from "./Menu.js";
import { Timer } from "./Timer.js";
import { useStore } from "./useStore.js";

interface Actions {
  submit(): void;
  sendBack(): void;
  leave(): void;
  open(dialog: "palette" | "keys" | "look" | "skip" | "report" | "release"): void;
}

interface Props {
  readonly editor: Editor;
  readonly project: string | null;
  readonly task: string;
  readonly submitting: boolean;
  readonly review: Review | null;
  /** What stands in place of handing in and passing on. */
  readonly decision: ReactElement | null;
  readonly actions: Actions;
}

export function Header({ editor, project, task, submitting, review, decision, actions }: Props): ReactElement {
  const canUndo = useStore(editor.state, (state) => state.canUndo);
  const canRedo = useStore(editor.state, (state) => state.canRedo);
  const keyOf = useKeyOf();
  const title = (name: string, id: string) => (keyOf(id) === "" ? name : `${name} (${keyOf(id)})`);
  return (
    <header className="bar">
      <button className="quiet back" onClick={actions.leave}><Icon name="back" size={16} /> {decision === null ? "Queue" : "Back"}</button>
      <h1 className="crumb" title={task}>{project === null ? "" : <><span className="project">{project}</span><span className="slash">/</span></>}<span className="task">{shortId(task)}</span></h1>
      <SaveState editor={editor} />
      <span className="spring" />
      <Timer />
      <span className="group">
        <button className="quiet square" aria-label="Undo" title={title("Undo", "edit.undo")} disabled={!canUndo} onClick={() => void editor.undo()}><Icon name="undo" size={18} /></button>
        <button className="quiet square" aria-label="Redo" title={title("Redo", "edit.redo")} disabled={!canRedo} onClick={() => void editor.redo()}><Icon name="redo" size={18} /></button>
        <button className="quiet square" aria-label="Find a command" title={title("Find a command", "task.palette")} onClick={() => actions.open("palette")}><Icon name="search" size={17} /></button>
        <button className="quiet square" aria-label="Keys" title={title("Keys", "task.keys")} onClick={() => actions.open("keys")}>?</button>
        <Menu name="More" items={[
          ...(decision !== null ? [] : [
            { name: "Report a problem…", keys: keyOf("task.report"), run: () => actions.open("report") },
            { name: "Give back…", keys: keyOf("task.release"), run: () => actions.open("release") },
          ]),
          { name: "Preferences", keys: keyOf("task.preferences"), run: () => actions.open("look") },
        ]} />
      </span>
      {decision ?? <>
      <button className="quiet" title={title("Pass this task on to somebody else", "task.skip")} onClick={() => actions.open("skip")}>Skip</button>
      {review?.isReview === true
        ? <Decision review={review} submitting={submitting} actions={actions} />
        : <button className="primary" disabled={submitting} onClick={actions.submit}>{submitting ? "Submitting…" : "Submit"} <kbd>{keyOf("task.submit")}</kbd></button>}
      </>}
    </header>
  );
}

/** What a reviewer can do with the whole of it. */
function Decision({ review, submitting, actions }: { review: Review; submitting: boolean; actions: Actions }): ReactElement {
  useStore(review.editor.state, (state) => state.document);
  const keyOf = useKeyOf();
  const rejected = review.count("rejected");
  return <>
    <button className={rejected > 0 ? "primary" : ""} disabled={submitting} onClick={actions.sendBack}>Send back… <kbd>{keyOf("review.sendBack")}</kbd></button>
    <button className={rejected > 0 ? "" : "primary"} disabled={submitting} onClick={actions.submit}>{submitting ? "Sending…" : "Accept"} <kbd>{keyOf("task.submit")}</kbd></button>
  </>;
}

function SaveState({ editor }: { editor: Editor }): ReactElement {
  const sync = useStore(editor.state, (state) => state.sync);
  const { text, tone } = saveWords(sync);
  return (
    <span className="save">
      <span className={`state ${tone}`} role="status" data-testid="save-state" title={sync.message}><i className="dot" aria-hidden="true" />{text}</span>
      {sync.phase === "unavailable" && <span className="faint">{sync.message}</span>}
      {(sync.phase === "offline" || sync.phase === "unavailable") && <button className="link" onClick={() => editor.resume()}>Try now</button>}
    </span>
  );
}

/** The end of an id, which differs from task to task, unlike its beginning, which is mostly time. */
function shortId(id: string): string {
  return id.length > 8 ? `…${id.slice(-6)}` : id;
}
