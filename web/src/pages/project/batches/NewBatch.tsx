import { useState, type FormEvent, type ReactElement } from "react";
import { KINDS, type Batch, type BatchKind } from "../../../api/batches.js";
import { Dialog } from "../../../ui/Dialog.js";
import { words } from "../../manage/useList.js";
import { PrioritySelect } from "./PrioritySelect.js";
import { KIND_WORDS } from "./words.js";

interface Props {
  readonly onMake: (batch: { name: string; kind: BatchKind; callback?: string; priority?: number }) => Promise<Batch>;
  readonly onMade: (batch: Batch) => void;
  readonly onClose: () => void;
}

/** Asks what a new batch is to be. */
export function NewBatch({ onMake, onMade, onClose }: Props): ReactElement {
  const [name, setName] = useState("");
  const [kind, setKind] = useState<BatchKind>("production");
  const [priority, setPriority] = useState<number | null>(null);
  const [callback, setCallback] = useState("");
  const [fault, setFault] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFault("");
    const more = { ...(callback.trim() === "" ? {} : { callback: callback.trim() }), ...(priority === null ? {} : { priority }) };
    void onMake({ name: name.trim(), kind, ...more }).then(onMade, (error: unknown) => setFault(words(error)));
  };
  return (
    <Dialog title="New batch" onClose={onClose}>
      <form className="batch-form" onSubmit={submit}>
        <label>Name<input data-first required maxLength={1000} value={name} placeholder="March, first thousand" onChange={(event) => setName(event.target.value)} /></label>
        <fieldset className="batch-kinds">
          <legend>What it is for</legend>
          {KINDS.map((word) => (
            <label key={word} className="batch-kind">
              <input type="radio" name="kind" checked={kind === word} onChange={() => setKind(word)} />
              <span><b>{KIND_WORDS[word].name}</b><br /><span className="faint">{KIND_WORDS[word].what}</span></span>
            </label>
          ))}
        </fieldset>
        <label>Priority<PrioritySelect value={priority} onChange={setPriority} /></label>
        <label>Tell its end to <span className="faint">(URL or e-mail address, may be empty)</span><input value={callback} placeholder="https://example.com/batch-done" onChange={(event) => setCallback(event.target.value)} /></label>
        <p className="form-fault" role="alert">{fault}</p>
        <div className="actions"><span className="spring" /><button type="button" onClick={onClose}>Cancel</button><button className="primary">Make the batch</button></div>
      </form>
    </Dialog>
  );
}
