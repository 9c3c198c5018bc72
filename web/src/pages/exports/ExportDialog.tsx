import { useState, type FormEvent, type ReactElement } from "react";
import type { Export, ExportFormat, TaskCalls, Target } from "../../api/tasks.js";
import { Dialog } from "../../ui/Dialog.js";
import { words } from "../manage/useList.js";
import { count } from "../tasks/actions.js";
import { FORMATS } from "./formats.js";

interface Props {
  readonly calls: TaskCalls;
  readonly target: Target;
  readonly total: number | null;
  readonly which: string;
  readonly onStarted: (made: Export) => void;
  readonly onClose: () => void;
}

/** Asks for the format of an export and begins it. */
export function ExportDialog({ calls, target, total, which, onStarted, onClose }: Props): ReactElement {
  const [format, setFormat] = useState<ExportFormat>(FORMATS[0].format);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    calls.export(format, target).then(onStarted, (error: unknown) => { setBusy(false); setFault(words(error)); });
  };
  return (
    <Dialog title={`Export ${total === null ? which : count(total)}`} onClose={onClose}>
      <form className="bulk-form" onSubmit={submit}>
        <p>{"filter" in target ? `Exported are ${which}.` : "Exported are the chosen tasks."} Each task is as it is when its turn comes; tasks created after the start are not in the file.</p>
        <fieldset className="formats">
          <legend className="hidden">Format</legend>
          {FORMATS.map(({ format: id, name, what }) => (
            <label key={id} className="version">
              <input type="radio" name="format" checked={format === id} {...(format === id ? { "data-first": true } : {})} onChange={() => setFormat(id)} />
              <span><b>{name}</b><span className="words faint">{what}</span></span>
            </label>
          ))}
        </fieldset>
        <p className="form-fault" role="alert">{fault}</p>
        <div className="actions"><button className="primary" disabled={busy}>Export</button><button type="button" onClick={onClose}>Leave it</button></div>
      </form>
    </Dialog>
  );
}
