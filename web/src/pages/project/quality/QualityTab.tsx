import { useCallback, useState, type ReactElement } from "react";
import { agreementOf } from "../../../api/agreement.js";
import { auditsOf, type Sample } from "../../../api/audits.js";
import { ExamplePicture } from "../../../ui/Examples.js";
import { startAudit } from "../../audit/session.js";
import { LEADS } from "../../manage/roles.js";
import { momentOf, useList, words } from "../../manage/useList.js";
import { linkTo } from "../../route.js";
import type { TabProps } from "../tabs.js";
import { AgreementPart } from "./AgreementPart.js";
import { SampleForm } from "./SampleForm.js";
import "./quality.css";

/** How good a project's answers are: samples for audits with their results, and the examples beside the instruction. */
export function QualityTab({ api, user, project }: TabProps): ReactElement {
  const samples = useList(useCallback(() => auditsOf(api).samples(project.name), [api, project.name]));
  const examples = useList(useCallback(() => agreementOf(api).examples(project.name), [api, project.name]));
  const [fault, setFault] = useState("");
  const [said, setSaid] = useState("");
  const audit = (sample: Sample) => {
    setFault("");
    startAudit(api, { sample: sample.id }).then((found) => {
      if (found) return;
      setSaid("Every task of this sample has its verdict, or somebody else is looking at the rest.");
      samples.reload();
    }, (error: unknown) => setFault(words(error)));
  };
  return (
    <div className="quality">
      <section aria-labelledby="samples-title">
        <div className="section-head"><h2 id="samples-title">Audits</h2></div>
        <SampleForm api={api} project={project.name} onDrawn={(sample) => { setSaid(`Drew ${sample.total} ${sample.total === 1 ? "task" : "tasks"}.`); samples.reload(); }} />
        <p className="form-fault" role="alert">{fault || samples.fault}</p>
        <p role="status" className="faint">{said}</p>
        {samples.rows === null ? <div className="table-skeleton" /> : samples.rows.length === 0 ? <p className="faint">Nothing was drawn for an audit yet. Draw some completed tasks above and go through them: accept, reject, comment or fix each. Calibration batches are drawn whole by themselves when they are complete.</p> : (
          <table className="list">
            <thead><tr><th>Sample</th><th>Progress</th><th>Result</th><th>Score</th><th><span className="hidden">Actions</span></th></tr></thead>
            <tbody>{samples.rows.map((sample) => (
              <tr key={sample.id}>
                <td><b>{sample.name}</b><div className="faint">{orderWords(sample)} · {momentOf(sample.created_at)} · {sample.created_by}</div></td>
                <td><progress max={sample.total} value={sample.audited} aria-label={`${sample.audited} of ${sample.total} audited`} /> {sample.audited} of {sample.total}</td>
                <td>{resultWords(sample)}</td>
                <td>{sample.score === undefined ? <span className="faint">—</span> : `${Math.round(sample.score * 100)} %`}</td>
                <td className="row-actions">
                  {sample.audited < sample.total && <button className="primary" onClick={() => audit(sample)}>{sample.audited === 0 ? "Audit" : "Continue"}</button>}
                  <button onClick={() => void samples.run(() => auditsOf(api).remove(sample.id))} aria-label={`Remove the sample ${sample.name}; verdicts stay`}>Remove</button>
                </td>
              </tr>
            ))}</tbody>
          </table>
        )}
      </section>
      {project.pipeline === "consensus_task" && <AgreementPart api={api} project={project.name} />}
      <section aria-labelledby="examples-title">
        <div className="section-head"><h2 id="examples-title">Examples in the instruction</h2></div>
        <p className="form-fault" role="alert">{examples.fault}</p>
        {examples.rows === null ? <div className="table-skeleton" /> : examples.rows.length === 0 ? <p className="faint">No examples yet. During an audit, tick “example in the instruction” to show an answered task to everybody who labels.</p> : (
          <ul className="example-cards">{examples.rows.map((example) => (
            <li key={example.id} className="card">
              <ExamplePicture example={example} />
              <p>{example.note === "" ? <span className="faint">Without a note</span> : example.note}</p>
              <div className="actions">
                {example.task !== undefined && <a className="button" href={linkTo("task", example.task)}>Task</a>}
                {LEADS.includes(user.role) && <button onClick={() => void examples.run(() => agreementOf(api).removeExample(project.name, example.id))}>Remove</button>}
              </div>
            </li>
          ))}</ul>
        )}
      </section>
    </div>
  );
}

function orderWords({ order, seed, batch }: Sample): string {
  const from = batch === undefined ? "" : ` from ${batch}`;
  return order === "random" ? `random${from}, seed ${seed ?? ""}` : `${order} first${from}`;
}

function resultWords(sample: Sample): string {
  const parts = (["accepted", "commented", "fixed", "rejected"] as const).filter((name) => sample[name] > 0).map((name) => `${sample[name]} ${name}`);
  return parts.length === 0 ? "—" : parts.join(", ");
}
