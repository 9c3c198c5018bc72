import { useEffect, useMemo, useState, type ReactElement } from "react";
import { reviewsOf, type Workflow } from "../../../api/reviews.js";
import { LEADS } from "../../manage/roles.js";
import { words } from "../../manage/useList.js";
import type { TabProps } from "../tabs.js";

const LEVELS: readonly { readonly level: number; readonly name: string; readonly text: string }[] = [
  { level: 0, name: "No review", text: "An answer is final as soon as it is submitted and passes the checks. Fastest; look at samples of it now and then." },
  { level: 1, name: "One review", text: "Somebody else looks at every answer and accepts it, puts it right, or sends it back to its labeler. What comes back is shown to the same reviewer, with what changed marked." },
  { level: 2, name: "Two reviews", text: "A second reviewer looks at what the first one has accepted. For answers on which much depends." },
];

/** How often the answers of a project are reviewed. */
export function ReviewLevels({ api, user, project }: TabProps): ReactElement {
  const calls = useMemo(() => reviewsOf(api), [api]);
  const [saved, setSaved] = useState<Workflow | null>(null);
  const [level, setLevel] = useState(0);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState({ text: "", bad: false });
  const take = (workflow: Workflow) => {
    setSaved(workflow);
    setLevel(workflow.review_levels);
  };
  const load = () => void calls.workflow(project.name).then((found) => { take(found); setSaid({ text: "", bad: false }); }, (error: unknown) => setSaid({ text: words(error), bad: true }));
  useEffect(load, [calls, project.name]);
  const save = () => {
    setBusy(true);
    calls.setWorkflow(project.name, { review_levels: level }).then(
      (workflow) => { take(workflow); setSaid({ text: "Saved. It holds for what is submitted from now on; open reviews are finished.", bad: false }); },
      (error: unknown) => setSaid({ text: words(error), bad: true }),
    ).finally(() => setBusy(false));
  };
  const mayWrite = LEADS.includes(user.role);
  return (
    <section aria-labelledby="review-levels">
      <h2 id="review-levels">Review</h2>
      <p className="faint">Nobody reviews an answer that they had a hand in. Batches that the team labels itself are not reviewed.</p>
      {saved === null ? said.text === "" && <div className="table-skeleton" role="status" aria-label="Loading" /> : (
        <fieldset className="level-choices" disabled={!mayWrite}>
          <legend className="hidden">How often each answer is reviewed</legend>
          {LEVELS.map((choice) => (
            <label key={choice.level} className="level-choice" data-chosen={level === choice.level}>
              <input type="radio" name="review-levels" checked={level === choice.level} onChange={() => { setLevel(choice.level); setSaid({ text: "", bad: false }); }} />
              <span><b>{choice.name}</b><span className="faint">{choice.text}</span></span>
            </label>
          ))}
        </fieldset>
      )}
      <div className="actions">
        {saved !== null && mayWrite && <button className="primary" disabled={busy || level === saved.review_levels} onClick={save}>{busy ? "Saving…" : "Save"}</button>}
        {saved === null && said.bad && <button onClick={load}>Try again</button>}
        <span className={said.bad ? "form-fault" : "faint"} role={said.bad ? "alert" : "status"}>{said.text}</span>
      </div>
    </section>
  );
}
