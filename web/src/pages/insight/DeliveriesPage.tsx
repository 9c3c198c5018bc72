import { useCallback, useMemo, useState, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { insightOf, type Receiver } from "../../api/insight.js";
import type { Delivery } from "../../api/tasks.js";
import type { Json } from "../../model/json.js";
import { JsonTree } from "../../ui/JsonTree.js";
import { momentOf, words } from "../manage/useList.js";
import { linkTo, replaceQuery, useQuery } from "../route.js";
import { plural } from "./figures.js";
import { useLive } from "./useLive.js";
import { useLoaded } from "./useLoaded.js";
import { usePages } from "./usePages.js";
import "./insight.css";

const STATES = { pending: "under way", succeeded: "arrived", failed: "failed" } as const;

/** Everything that was sent to customers' addresses, which of these fail, and sending again. */
export function DeliveriesPage({ api }: { api: Api }): ReactElement {
  const calls = useMemo(() => insightOf(api), [api]);
  const query = useQuery();
  const text = query.toString();
  const list = usePages(useCallback((cursor: string | null) => calls.deliveries({ ...Object.fromEntries(new URLSearchParams(text)), limit: 50, cursor }), [calls, text]));
  const { value: summary, fault, reload } = useLoaded(calls.deliverySummary);
  const [said, setSaid] = useState("");
  const all = () => { list.reload(); reload(); };
  useLive(all, ({ action }) => action.startsWith("task.") || action.startsWith("batch.") || action.startsWith("deliver"));
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(text);
    if (value === "") next.delete(name); else next.set(name, value);
    replaceQuery(next);
  };
  const again = (what: string, action: () => Promise<unknown>) => {
    setSaid("");
    void action().then(() => { setSaid(what); all(); }, (error: unknown) => setSaid(words(error)));
  };
  return (
    <>
      <p className="form-fault" role="alert">{fault}</p>
      {summary !== null && summary.receivers.length > 0 && (
        <section className="card part" aria-labelledby="receivers">
          <h2 id="receivers">Receivers that do not answer as they should</h2>
          <table className="list">
            <thead><tr><th>Receiver</th><th>Failed</th><th>Still tried</th><th>What went wrong last</th><th><span className="hidden">Actions</span></th></tr></thead>
            <tbody>{summary.receivers.map((receiver) => (
              <ReceiverRow
                key={receiver.target} receiver={receiver} onShow={() => replaceQuery(new URLSearchParams({ target: receiver.target }))}
                onResend={() => again(`${plural(receiver.failed, "message")} to ${receiver.target} will be sent again.`, () => calls.resendFailed(receiver.target))}
              />
            ))}</tbody>
          </table>
          {summary.failed > 0 && <span><button onClick={() => { if (window.confirm(`Send all ${summary.failed.toLocaleString()} failed messages again?`)) again("All failed messages will be sent again.", () => calls.resendFailed()); }}>Send everything that failed again</button></span>}
        </section>
      )}
      <div className="filters" role="search" aria-label="Filter">
        <label>State
          <select value={query.get("state") ?? ""} onChange={(event) => set("state", event.target.value)}>
            <option value="">any</option>
            {Object.entries(STATES).map(([state, name]) => <option key={state} value={state}>{name}</option>)}
          </select>
        </label>
        <label>From<input type="date" value={query.get("from") ?? ""} onChange={(event) => set("from", event.target.value)} /></label>
        <label>To<input type="date" value={query.get("to") ?? ""} onChange={(event) => set("to", event.target.value)} /></label>
        {query.get("target") !== null && <span>Only to <b className="address">{query.get("target")}</b></span>}
        {text !== "" && <button onClick={() => replaceQuery(new URLSearchParams())}>Show everything</button>}
        <span className="faint" role="status">{said}</span>
      </div>
      <p className="form-fault" role="alert">{list.fault}</p>
      {list.rows === null ? list.fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" />
        : list.rows.length === 0 ? <p className="card idle">{text === "" ? "Nothing was sent yet. Callbacks go out when a task is completed, fails or is audited, to the address that the task, its batch or the account names." : "Nothing of the kind was sent."}</p>
        : (
          <table className="list">
            <thead><tr><th>When</th><th>About</th><th>Receiver</th><th>State</th><th>Tries</th><th><span className="hidden">Actions</span></th></tr></thead>
            <tbody>{list.rows.map((delivery) => <DeliveryRow key={delivery.id} delivery={delivery} calls={calls} onResend={() => again("The message is sent again.", () => calls.resend(delivery.id))} />)}</tbody>
          </table>
        )}
      {list.more !== null && <span><button onClick={list.more}>Show earlier ones</button></span>}
    </>
  );
}

function ReceiverRow({ receiver: { target, failed, pending, last_error: error, last_at: at }, onShow, onResend }: { receiver: Receiver; onShow: () => void; onResend: () => void }): ReactElement {
  return (
    <tr>
      <td><button className="link address" onClick={onShow}>{target}</button></td>
      <td>{failed.toLocaleString()}</td>
      <td>{pending.toLocaleString()}</td>
      <td>{error ?? ""}{at !== undefined && <><br /><span className="faint">{momentOf(at)}</span></>}</td>
      <td className="row-actions">{failed > 0 && <button onClick={onResend}>Send again</button>}</td>
    </tr>
  );
}

function DeliveryRow({ delivery, calls, onResend }: { delivery: Delivery; calls: ReturnType<typeof insightOf>; onResend: () => void }): ReactElement {
  const { id, created_at: at, target, state, attempts, task_id: task, batch, resend_of: of, resent_as: as, next_attempt_at: next } = delivery;
  const [body, setBody] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const toggle = () => {
    setOpen(!open);
    if (!open && body === null) void calls.delivery(id).then(({ body_text: text }) => setBody(text), (error: unknown) => setBody(JSON.stringify(words(error))));
  };
  const last = attempts[attempts.length - 1];
  return (
    <>
      <tr>
        <td>{momentOf(at)}</td>
        <td>{task !== undefined ? <a href={linkTo("task", task)}>task …{task.slice(-6)}</a> : batch !== undefined ? `batch ${batch}` : ""}{of !== undefined && <span className="faint"> (sent again)</span>}</td>
        <td className="address">{target}</td>
        <td><span className={`state ${state === "succeeded" ? "good" : state === "failed" ? "bad" : "busy"}`}><i className="dot" aria-hidden="true" />{STATES[state]}</span>{as !== undefined && <span className="faint"> and sent again</span>}</td>
        <td>{attempts.length}{last?.status_code !== undefined && <span className="faint"> · {last.status_code}</span>}</td>
        <td className="row-actions"><button className="quiet" aria-expanded={open} onClick={toggle}>{open ? "Less" : "More"}</button>{state !== "pending" && <button onClick={onResend}>Send again</button>}</td>
      </tr>
      {open && (
        <tr>
          <td colSpan={6}>
            <ol className="attempts">
              {attempts.map(({ number, at: when, status_code: code, error, seconds }) => <li key={number}><span className="faint">{momentOf(when)}</span> {code === undefined ? "" : `answered with status ${code}`}{error !== undefined && <span className="form-fault"> {error}</span>} <span className="faint">after {seconds.toFixed(2)} s</span></li>)}
            </ol>
            {state === "pending" && next !== undefined && <p className="faint">The next attempt is at {momentOf(next)}.</p>}
            {body !== null && <JsonTree name="What was sent" value={parsed(body)} text={body} file={`${id}.callback.json`} />}
          </td>
        </tr>
      )}
    </>
  );
}

/** What was sent by mail may be no JSON. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
