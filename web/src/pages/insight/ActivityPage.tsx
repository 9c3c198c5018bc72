import { useCallback, useMemo, useState, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { insightOf, type Activity } from "../../api/insight.js";
import { peopleOf } from "../../api/people.js";
import { momentOf } from "../manage/useList.js";
import { linkTo, replaceQuery, useQuery } from "../route.js";
import { useLive } from "./useLive.js";
import { useLoaded } from "./useLoaded.js";
import { usePages } from "./usePages.js";
import "./insight.css";

/** Kinds of things, as the log has them, and what people call them. */
const KINDS: { readonly [kind: string]: string } = {
  task: "tasks", batch: "batches", project: "projects", member: "people", user: "sign-ins and profiles", key: "API keys", group: "groups", file: "files", quality_task: "tasks with known answers", audit_sample: "samples for audits",
  bulk_change: "changes of many tasks", export: "exports", integration: "integrations", realm: "settings", account: "links to files",
};

/** Who did what in the account, newest first. The filter stands in the address. */
export function ActivityPage({ api }: { api: Api }): ReactElement {
  const calls = useMemo(() => insightOf(api), [api]), people = useMemo(() => peopleOf(api), [api]);
  const { value: everybody } = useLoaded(people.people);
  const query = useQuery();
  const text = query.toString();
  const load = useCallback((cursor: string | null) => calls.activity({ ...Object.fromEntries(new URLSearchParams(text)), limit: 50, cursor }), [calls, text]);
  const { rows, more, fault, reload } = usePages(load);
  const [waiting, setWaiting] = useState(false);
  // What happens while somebody reads must not push the lines away under their eyes.
  useLive(() => { if (window.scrollY < 60) reload(); else setWaiting(true); });
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(text);
    if (value === "") next.delete(name); else next.set(name, value);
    replaceQuery(next);
  };
  return (
    <>
      <div className="filters" role="search" aria-label="Filter">
        <label>Who
          <select value={query.get("actor") ?? ""} onChange={(event) => set("actor", event.target.value)}>
            <option value="">anybody</option>
            <option value="program">Vernier itself</option>
            {everybody?.map(({ id, name, email }) => <option key={id} value={`user:${id}`}>{name === "" ? email : name}</option>)}
            {query.get("actor")?.startsWith("key:") && <option value={query.get("actor") ?? ""}>this key</option>}
          </select>
        </label>
        <label>What
          <select value={query.get("kind") ?? ""} onChange={(event) => set("kind", event.target.value)}>
            <option value="">everything</option>
            {Object.entries(KINDS).map(([kind, name]) => <option key={kind} value={kind}>{name}</option>)}
          </select>
        </label>
        <label>From<input type="date" value={query.get("from") ?? ""} onChange={(event) => set("from", event.target.value)} /></label>
        <label>To<input type="date" value={query.get("to") ?? ""} onChange={(event) => set("to", event.target.value)} /></label>
        {text !== "" && <button onClick={() => replaceQuery(new URLSearchParams())}>Show everything</button>}
      </div>
      <p className="form-fault" role="alert">{fault}</p>
      <div role="status">{waiting && <button onClick={() => { setWaiting(false); window.scrollTo(0, 0); reload(); }}>Something happened since; show it</button>}</div>
      {rows === null ? fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" />
        : rows.length === 0 ? <p className="card idle">Nothing of the kind has happened.</p>
        : <ol className="log">{rows.map((event) => <li className="event" key={event.id}><Entry event={event} onActor={(actor) => set("actor", actor)} /></li>)}</ol>}
      {more !== null && <span><button onClick={more}>Show what happened before</button></span>}
    </>
  );
}

function Entry({ event, onActor }: { event: Activity; onActor: (actor: string) => void }): ReactElement {
  const { at, actor, words, detail } = event;
  const label = actor.kind === "person" ? `user:${actor.id ?? ""}` : actor.kind === "key" ? `key:${actor.id ?? ""}` : "program";
  return (
    <>
      <time dateTime={at} className="faint">{momentOf(at)}</time>
      <span className="log-words">
        <button className="link" title="Only what they did" onClick={() => onActor(label)}>{actor.name}</button> {words} <Thing event={event} />
        {detail.length > 0 && <ul className="log-detail faint">{detail.map((line, i) => <li key={i}>{line}</li>)}</ul>}
      </span>
    </>
  );
}

/** What it happened to, as a link where it has a page. */
function Thing({ event: { object_kind: kind, object_id: id, object: name, actor } }: { event: Activity }): ReactElement | null {
  switch (kind) {
    case "task": return <a href={linkTo("task", id)}>{name ?? `task …${id.slice(-6)}`}</a>;
    case "project": return <a href={linkTo("projects", name ?? id)}>{name ?? "a project"}</a>;
    case "realm": return null;
    case "user": return id === actor.id ? null : <b>{name ?? ""}</b>;
    default: return <b>{name ?? ""}</b>;
  }
}
