import { useMemo, useState, type KeyboardEvent, type ReactElement } from "react";
import { ApiError } from "../../api/client.js";
import { projectsOf } from "../../api/projects.js";
import { versionsOf } from "../../api/versions.js";
import { addQuestion, questionsOf, type Level } from "../../model/building/attributes.js";
import { sameJson } from "../../model/json.js";
import { remember, remembered } from "../../ui/preferences.js";
import { LEADS } from "../manage/roles.js";
import { words } from "../manage/useList.js";
import { TASK_TYPES } from "../projects/taskTypes.js";
import type { TabProps } from "../project/tabs.js";
import { Classes } from "./Classes.js";
import { Issues } from "./Issues.js";
import { JsonPane } from "./JsonPane.js";
import { Links } from "./Links.js";
import { PictureOptions } from "./PictureOptions.js";
import { Preview } from "./Preview.js";
import { SaveDialog } from "./SaveDialog.js";
import { Questions, type Opened } from "./Questions.js";
import { keptChanges, useKept } from "./useKept.js";
import { useParams } from "./useParams.js";
import { useServerChecks, type Checked } from "./useServerChecks.js";
import "./builder.css";

/** What is asked of people, built by hand or as JSON, with the editor beside it. */
export function Taxonomy({ api, user, project, onChanged }: TabProps): ReactElement {
  const calls = useMemo(() => projectsOf(api), [api]);
  const saved = project.params;
  const [kept] = useState(() => keptChanges(user.id, project.id));
  const { params, edit, undo, redo, restart } = useParams(kept?.params ?? saved);
  const [base, setBase] = useState(kept?.base ?? project.version);
  const [withJson, setWithJson] = useState(remembered("builder.json", "") === "open" || project.type !== "imageannotation");
  const [opened, setOpened] = useState<Opened>(() => ({ keys: new Set(LEADS.includes(user.role) ? [] : questionsOf(saved).map(({ key }) => key)), fresh: null }));
  const [said, setSaid] = useState<{ readonly text: string; readonly tone: "good" | "bad" } | null>(kept === null ? null : { text: "Changes that were not saved are back.", tone: "good" });
  const [busy, setBusy] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [overtaken, setOvertaken] = useState(false);
  const mayWrite = LEADS.includes(user.role);
  const checked = useServerChecks(api, project.type, mayWrite ? params : null);
  useKept(user.id, project.id, { params, base }, saved);

  const isVisual = project.type === "imageannotation";
  const example = TASK_TYPES.find(({ type }) => type === project.type)?.example;
  const isChanged = !sameJson(params, saved);
  /** Where there are tasks, their owner sees first what the change would break. */
  const beginSaving = () => (project.counts.total > 0 ? setAsking(true) : save());
  const save = () => {
    setAsking(false);
    setBusy(true);
    setSaid(null);
    versionsOf(api, project.name).save(params, base).then(({ version }) => {
      setBase(version);
      setOvertaken(false);
      setSaid({ text: `Saved as version ${version}, which new tasks follow.`, tone: "good" });
      onChanged();
    }, (error: unknown) => {
      setOvertaken(error instanceof ApiError && error.status === 409);
      setSaid({ text: words(error), tone: "bad" });
    }).finally(() => setBusy(false));
  };
  const discard = () => {
    restart(saved);
    setBase(project.version);
    setOvertaken(false);
    setSaid(null);
  };
  /** Goes on from what somebody else has saved meanwhile, with these parameters in place of theirs. */
  const keepMine = () => void calls.one(project.name).then((now) => { setBase(now.version); setOvertaken(false); setSaid({ text: "Saving now replaces the version that was saved meanwhile. It stays among the versions.", tone: "good" }); onChanged(); });
  const takeTheirs = () => void calls.one(project.name).then((now) => { restart(now.params); setBase(now.version); setOvertaken(false); setSaid(null); onChanged(); });
  const ask = (level: Level, label: string | null) => {
    const { params: next, key } = addQuestion(params, level, label);
    edit(() => next);
    setOpened(({ keys }) => ({ keys: new Set([...keys, key]), fresh: key }));
  };
  const onKey = (event: KeyboardEvent) => {
    // In the preview these keys belong to what is drawn, in a field to its text.
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
    if (event.target instanceof Element && event.target.closest(".builder-preview") !== null) return;
    const act = event.key.toLowerCase() === "z" ? (event.shiftKey ? redo : undo) : event.key.toLowerCase() === "y" ? redo : null;
    if (act === null) return;
    event.preventDefault();
    act();
  };
  const part = { params, edit, issues: checked.issues };
  return (
    <div className="builder" onKeyDown={onKey}>
      <div className="builder-bar">
        {mayWrite && <button className="primary" disabled={busy || !isChanged || checked.issues.length > 0 || overtaken} onClick={beginSaving}>{busy ? "Saving…" : "Save"}</button>}
        {isChanged && mayWrite && <button onClick={discard}>Discard changes</button>}
        <button disabled={undo === null} onClick={undo ?? undefined}>Undo</button>
        <button disabled={redo === null} onClick={redo ?? undefined}>Redo</button>
        {mayWrite ? <Verdict checked={checked} /> : <span className="faint">You may look and try; managers and admins change it.</span>}
        {said !== null && <span className={said.tone === "bad" ? "bad-words" : "good-words"} role={said.tone === "bad" ? "alert" : "status"}>{said.text}</span>}
        <span className="spring" />
        {isVisual && <button aria-pressed={withJson} className="toggle" onClick={() => { setWithJson(!withJson); remember("builder.json", withJson ? "" : "open"); }}>JSON</button>}
      </div>
      {isAsking && <SaveDialog api={api} project={project.name} params={params} onSave={save} onClose={() => setAsking(false)} />}
      {overtaken && <div className="card notice"><p>Somebody has saved another version since you began.</p><span className="actions"><button onClick={takeTheirs}>Take theirs, drop mine</button><button onClick={keepMine}>Go on with mine</button></span></div>}
      <div className={`builder-panes ${isVisual ? "" : "text-only"} ${withJson ? "with-json" : ""}`}>
        {isVisual && (
          <fieldset className="builder-parts" disabled={!mayWrite} aria-label="Taxonomy">
            <Issues issues={checked.issues.filter(({ path }) => !/^(geometries|annotation_attributes|links|padding)/.test(path))} />
            <Classes {...part} onAsk={(label) => ask("objects", label)} />
            <Questions {...part} level="objects" opened={opened} onOpened={setOpened} onAsk={ask} />
            <Links {...part} onAsk={(label) => ask("links", label)} />
            <Questions {...part} level="links" opened={opened} onOpened={setOpened} onAsk={ask} />
            <Questions {...part} level="picture" opened={opened} onOpened={setOpened} onAsk={ask} />
            <PictureOptions {...part} />
          </fieldset>
        )}
        {isVisual && <Preview params={params} project={project.name} user={user.id} />}
        {withJson && (
          <section className="builder-json" aria-labelledby="json-title">
            <h2 id="json-title">As JSON</h2>
            {example !== undefined && mayWrite && Object.keys(params).every((member) => member === "instruction") && <div><button onClick={() => edit((now) => ({ ...now, ...example }))}>Begin with an example</button></div>}
            {!isVisual && <p className="faint">What tasks of this kind take is described in the <a href="/docs" target="_blank" rel="noopener">contract</a>. The server checks what you type.</p>}
            {!isVisual && <Issues issues={checked.issues.map((issue) => ({ ...issue, message: `${issue.path}: ${issue.message}` }))} />}
            <JsonPane params={params} edit={edit} disabled={!mayWrite} />
          </section>
        )}
      </div>
    </div>
  );
}

/** What the server says, in a line. */
function Verdict({ checked: { issues, isCurrent, fault } }: { checked: Checked }): ReactElement {
  const text = fault !== "" ? fault : !isCurrent ? "Checking…" : issues.length === 0 ? "The server would take this" : issues.length === 1 ? "One thing to fix" : `${issues.length} things to fix`;
  const tone = fault !== "" ? "bad" : !isCurrent ? "busy" : issues.length === 0 ? "good" : "warning";
  const show = () => {
    const first = document.querySelector<HTMLElement>(".builder .issues");
    first?.scrollIntoView({ block: "center" });
  };
  return (
    <span className={`state ${tone}`} role="status">
      <i className="dot" aria-hidden="true" />{issues.length > 0 && isCurrent ? <button className="link" onClick={show}>{text}</button> : text}
    </span>
  );
}
