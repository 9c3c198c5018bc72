import type { ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import { saveWords } from "../engine/saveWords.js";
import { Icon } from "./Icon.js";
import { Timer } from "./Timer.js";
import { useStore } from "./useStore.js";

interface Props {
  readonly editor: Editor;
  readonly project: string | null;
  readonly task: string;
  /** Whether unsent steps survive on this computer. */
  readonly kept: boolean;
  readonly submitting: boolean;
  readonly onLeave: () => void;
  readonly onRelease: () => void;
  readonly onKeys: () => void;
  readonly onSubmit: () => void;
}

export function Header({ editor, project, task, kept, submitting, onLeave, onRelease, onKeys, onSubmit }: Props): ReactElement {
  const canUndo = useStore(editor.state, (state) => state.canUndo);
  const canRedo = useStore(editor.state, (state) => state.canRedo);
  return (
    <header className="bar">
      <button className="quiet back" onClick={onLeave}><Icon name="back" size={16} /> Queue</button>
      <h1 className="crumb" title={task}>{project === null ? "" : <><span className="project">{project}</span><span className="slash">/</span></>}<span className="task">{shortId(task)}</span></h1>
      <SaveState editor={editor} kept={kept} />
      <span className="spring" />
      <Timer />
      <span className="group">
        <button className="quiet square" aria-label="Undo" title="Undo (Ctrl+Z)" disabled={!canUndo} onClick={() => void editor.undo()}><Icon name="undo" size={18} /></button>
        <button className="quiet square" aria-label="Redo" title="Redo (Ctrl+Shift+Z)" disabled={!canRedo} onClick={() => void editor.redo()}><Icon name="redo" size={18} /></button>
        <button className="quiet square" aria-label="Keys" title="Keys (?)" onClick={onKeys}>?</button>
      </span>
      <button className="quiet" title="Give this work back to the queue" onClick={onRelease}>Give back</button>
      <button className="primary" disabled={submitting} onClick={onSubmit}>{submitting ? "Submitting…" : "Submit"} <kbd>Ctrl ⏎</kbd></button>
    </header>
  );
}

function SaveState({ editor, kept }: { editor: Editor; kept: boolean }): ReactElement {
  const sync = useStore(editor.state, (state) => state.sync);
  const { text, tone } = saveWords(sync, kept);
  return (
    <span className="save">
      <span className={`state ${tone}`} role="status" data-testid="save-state" title={sync.message}><i className="dot" aria-hidden="true" />{text}</span>
      {sync.phase === "offline" && <button className="link" onClick={() => editor.resume()}>Try now</button>}
    </span>
  );
}

/** The end of an id, which differs from task to task, unlike its beginning, which is mostly time. */
function shortId(id: string): string {
  return id.length > 8 ? `…${id.slice(-6)}` : id;
}
