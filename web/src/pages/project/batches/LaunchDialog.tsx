import { useState, type ReactElement } from "react";
import type { Batch } from "../../../api/batches.js";
import { ApiError } from "../../../api/client.js";
import { Dialog } from "../../../ui/Dialog.js";
import { words } from "../../manage/useList.js";
import { KIND_WORDS } from "./words.js";

interface Props {
  readonly batch: Batch;
  readonly launch: (confirmUncalibrated: boolean) => Promise<unknown>;
  readonly onLaunched: () => void;
  readonly onClose: () => void;
}

/** Asks once more before a batch goes to work, and what to do if the project is not calibrated. */
export function LaunchDialog({ batch, launch, onLaunched, onClose }: Props): ReactElement {
  const [fault, setFault] = useState("");
  const [uncalibrated, setUncalibrated] = useState(false);
  const [confirmed, setConfirmed] = useState(false);
  const [busy, setBusy] = useState(false);
  const { counts, kind } = batch;
  const go = () => {
    setBusy(true);
    setFault("");
    void launch(confirmed).then(onLaunched, (error: unknown) => {
      setBusy(false);
      setFault(words(error));
      setUncalibrated(error instanceof ApiError && error.status === 409);
    });
  };
  return (
    <Dialog title={`Launch ${batch.name}`} onClose={onClose}>
      <p>{counts.total === 1 ? "One task goes" : `${counts.total} tasks go`} to work. {KIND_WORDS[kind].what}</p>
      <p className="faint">Where the project asks for launches, no further tasks can be added afterwards.</p>
      <p className="form-fault" role="alert">{fault}</p>
      {uncalibrated && <label className="tick-line"><input type="checkbox" checked={confirmed} onChange={(event) => setConfirmed(event.target.checked)} />Launch it although the project is not calibrated</label>}
      <div className="actions"><span className="spring" /><button onClick={onClose}>Cancel</button><button data-first className="primary" disabled={busy || (uncalibrated && !confirmed)} onClick={go}>Launch</button></div>
    </Dialog>
  );
}
