import { useCallback, useEffect, useMemo, useState, type ReactElement } from "react";
import { versionsOf, type Version } from "../../../api/versions.js";
import { Dialog } from "../../../ui/Dialog.js";
import { JsonTree } from "../../../ui/JsonTree.js";
import { LEADS } from "../../manage/roles.js";
import { momentOf, useList, words } from "../../manage/useList.js";
import { linkTo } from "../../route.js";
import type { TabProps } from "../tabs.js";
import { DifferenceList } from "./DifferenceList.js";
import { DryRun } from "./DryRun.js";
import "../batches/batches.css";
import "./versions.css";

/** The versions of a project's parameters, what each changed, and the way back to an older one. */
export function Versions({ api, user, project, rest, onChanged }: TabProps): ReactElement {
  const calls = useMemo(() => versionsOf(api, project.name), [api, project.name]);
  const { rows, fault, reload } = useList(calls.all);
  const latest = rows?.[0]?.version ?? -1;
  const chosen = rest[0] === undefined ? latest : Number(rest[0]);
  return (
    <>
      <div className="section-head"><h2>Versions</h2><p className="faint">Each task keeps the version it was made with. New tasks take the latest.</p></div>
      <p className="form-fault" role="alert">{fault}</p>
      {rows === null ? <div className="table-skeleton" role="status" aria-label="Loading" /> : rows.length === 0 ? <p className="faint">Nothing is set up yet, so there are no versions.</p> : (
        <div className="versions">
          <nav aria-label="Versions">
            <ul>
              {rows.map(({ version, created_at: at, created_by: by, changes }) => (
                <li key={version}>
                  <a href={linkTo("projects", project.name, "versions", String(version))} aria-current={version === chosen ? "true" : undefined}>
                    <b>Version {version}</b>{version === latest && <span className="faint"> (latest)</span>}<br />
                    <span className="faint">{momentOf(at)}{by === undefined ? "" : `, ${by}`}<br />{changes === 1 ? "1 change" : `${changes} changes`}</span>
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <One key={chosen} api={api} project={project.name} number={chosen} latest={latest} mayChange={LEADS.includes(user.role)} onSaved={() => { reload(); onChanged(); }} />
        </div>
      )}
    </>
  );
}

interface OneProps {
  readonly api: TabProps["api"];
  readonly project: string;
  readonly number: number;
  readonly latest: number;
  readonly mayChange: boolean;
  readonly onSaved: () => void;
}

function One({ api, project, number, latest, mayChange, onSaved }: OneProps): ReactElement {
  const calls = useMemo(() => versionsOf(api, project), [api, project]);
  const [against, setAgainst] = useState(number - 1);
  const [version, setVersion] = useState<Version | null>(null);
  const [fault, setFault] = useState("");
  const [isRestoring, setRestoring] = useState(false);
  const load = useCallback(() => calls.one(number, against).then(setVersion, (error: unknown) => setFault(words(error))), [calls, number, against]);
  useEffect(() => void load(), [load]);
  if (version === null) return fault === "" ? <div className="table-skeleton" role="status" aria-label="Loading" /> : <p className="form-fault" role="alert">{fault}</p>;
  return (
    <div className="one-version">
      <div className="section-head">
        <h3>Version {number}</h3>
        <div className="actions">
          <label className="tick-line">Compared with
            <select value={against} onChange={(event) => setAgainst(Number(event.target.value))}>
              <option value={-1}>nothing</option>
              {Array.from({ length: latest + 1 }, (_, i) => i).filter((i) => i !== number).map((i) => <option key={i} value={i}>version {i}</option>)}
            </select>
          </label>
          {mayChange && number !== latest && <button onClick={() => setRestoring(true)}>Bring back …</button>}
        </div>
      </div>
      <p className="form-fault" role="alert">{fault}</p>
      <DifferenceList differences={version.differences} />
      <details className="card setup-part"><summary>All parameters</summary><JsonTree value={version.params} name="Parameters" file={`${project} version ${number}.json`} /></details>
      {isRestoring && <Restore api={api} project={project} version={version} latest={latest} onClose={() => setRestoring(false)} onSaved={() => { setRestoring(false); onSaved(); }} />}
    </div>
  );
}

interface RestoreProps {
  readonly api: TabProps["api"];
  readonly project: string;
  readonly version: Version;
  readonly latest: number;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

/** Shows what an older version would break before it becomes the latest. */
function Restore({ api, project, version, latest, onClose, onSaved }: RestoreProps): ReactElement {
  const calls = useMemo(() => versionsOf(api, project), [api, project]);
  const [fault, setFault] = useState("");
  const save = () => void calls.save(version.params, latest).then(onSaved, (error: unknown) => setFault(words(error)));
  return (
    <Dialog title={`Bring back version ${version.version}`} wide onClose={onClose}>
      <p>Its parameters become version {latest + 1}. What it would do to the tasks there are:</p>
      <DryRun api={api} project={project} params={version.params} />
      <p className="form-fault" role="alert">{fault}</p>
      <div className="actions"><span className="spring" /><button onClick={onClose}>Cancel</button><button className="primary" data-first onClick={save}>Make it version {latest + 1}</button></div>
    </Dialog>
  );
}
