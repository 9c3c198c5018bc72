import { useState, type ReactElement } from "react";
import type { Delivery, OneTaskCalls } from "../../api/tasks.js";
import type { Json } from "../../model/json.js";
import { JsonTree } from "../../ui/JsonTree.js";
import { momentOf, useList, words } from "../manage/useList.js";
import type { TaskTabProps } from "./TaskPage.js";

const STATES = { pending: "under way", succeeded: "arrived", failed: "failed" };

/** What was sent to the customer's address about this task, each attempt of it, and sending it once more. */
export function DeliveriesTab({ calls, view: { task } }: TaskTabProps): ReactElement {
  const { rows, fault, run, reload } = useList(calls.deliveries);
  const [said, setSaid] = useState("");
  const again = async () => { if (await run(calls.sendCallback)) setSaid("A callback with the task as it is now is on its way."); };
  return (
    <>
      <div className="actions">
        {task.status !== "pending" && <button onClick={() => void again()}>Send the callback as the task is now</button>}
        <button className="quiet" onClick={reload}>Reload</button>
        <span className="faint" role="status">{said}</span>
      </div>
      <p className="form-fault" role="alert">{fault}</p>
      {rows === null ? fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" />
        : rows.length === 0 ? <p className="card idle">Nothing was sent about this task. Callbacks go out when it is completed, fails or is audited, to the address that the task, its batch or the account names.</p>
        : <ul className="deliveries">{[...rows].reverse().map((delivery) => <DeliveryCard key={delivery.id} delivery={delivery} calls={calls} onResend={() => run(() => calls.resend(delivery.id))} />)}</ul>}
    </>
  );
}

function DeliveryCard({ delivery, calls, onResend }: { delivery: Delivery; calls: OneTaskCalls; onResend: () => Promise<boolean> }): ReactElement {
  const { id, target, state, created_at: at, next_attempt_at: next, attempts, resend_of: of, resent_as: as } = delivery;
  const [body, setBody] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const open = () => void calls.delivery(id).then(({ body_text: text = "" }) => setBody(text), (error: unknown) => setBody(JSON.stringify(words(error))));
  const resend = () => {
    setBusy(true);
    void onResend().then(() => setBusy(false));
  };
  return (
    <li className="card part delivery">
      <div className="delivery-head">
        <span className={`state ${state === "succeeded" ? "good" : state === "failed" ? "bad" : "busy"}`}><i className="dot" aria-hidden="true" />{STATES[state]}</span>
        <span className="address">{target}</span>
        <span className="faint">{momentOf(at)}{of !== undefined && ", sent again"}{as !== undefined && ", was sent again since"}</span>
        <span className="spring" />
        {body === null && <button className="quiet" onClick={open}>Show what was sent</button>}
        {state !== "pending" && <button disabled={busy} onClick={resend}>Send again</button>}
      </div>
      {attempts.length > 0 && (
        <ol className="attempts">
          {attempts.map(({ number, at: when, status_code: code, error, seconds }) => (
            <li key={number}><span className="faint">{momentOf(when)}</span> {code === undefined ? "" : `answered with status ${code}`}{error !== undefined && <span className="form-fault"> {error}</span>} <span className="faint">after {seconds.toFixed(2)} s</span></li>
          ))}
        </ol>
      )}
      {next !== undefined && state === "pending" && <p className="faint">The next attempt is at {momentOf(next)}.</p>}
      {body !== null && <JsonTree name="What was sent" value={parsed(body)} text={body} file={`${id}.callback.json`} />}
    </li>
  );
}

/** What was sent by mail is no JSON. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
