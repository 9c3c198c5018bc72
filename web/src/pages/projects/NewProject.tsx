import { useMemo, useState, type FormEvent, type ReactElement } from "react";
import { projectsOf } from "../../api/projects.js";
import { InstructionEditor } from "../project/InstructionEditor.js";
import type { PageProps } from "../manage/pages.js";
import { words } from "../manage/useList.js";
import { linkTo } from "../route.js";
import { TASK_TYPES } from "./taskTypes.js";
import "./newProject.css";

/** So many kinds are shown before somebody asks for the others. */
const USUAL = 4;

/** Creates a project: what kind of task, its name and the instruction. What is asked is built on its page. */
export function NewProject({ api }: PageProps): ReactElement {
  const calls = useMemo(() => projectsOf(api), [api]);
  const [type, setType] = useState(TASK_TYPES[0].type);
  const [all, setAll] = useState(false);
  const [name, setName] = useState("");
  const [instruction, setInstruction] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFault("");
    calls.make({ name: name.trim(), type, params: instruction.trim() === "" ? {} : { instruction } }).then(
      (project) => { window.location.hash = linkTo("projects", project.name, "taxonomy"); },
      (error: unknown) => { setBusy(false); setFault(words(error)); },
    );
  };
  return (
    <form className="new-project" onSubmit={submit}>
      <fieldset>
        <legend>What is asked of people?</legend>
        <div className="type-choices">
          {TASK_TYPES.filter((choice, i) => all || i < USUAL || choice.type === type).map((choice) => (
            <label key={choice.type} className="type-choice">
              <input type="radio" name="type" value={choice.type} checked={choice.type === type} onChange={() => setType(choice.type)} />
              <span><b>{choice.name}</b><span className="faint">{choice.what}</span>{!choice.inBrowser && <span className="faint type-note">Answered through the API; it has no editor in the browser.</span>}</span>
            </label>
          ))}
        </div>
        {!all && <button type="button" className="link" onClick={() => setAll(true)}>Show {TASK_TYPES.length - USUAL} more kinds</button>}
      </fieldset>
      <label className="new-name">Name
        <input required maxLength={1000} value={name} placeholder="street scenes" onChange={(event) => setName(event.target.value)} />
        <span className="faint">Programs name the project by it when they send tasks. It stays as it is.</span>
      </label>
      <InstructionEditor text={instruction} onChange={setInstruction} />
      <p className="form-fault" role="alert">{fault}</p>
      <div className="actions">
        <button className="primary large" disabled={busy || name.trim() === ""}>{busy ? "One moment…" : "Create the project"}</button>
        <a href="#/projects">Cancel</a>
      </div>
    </form>
  );
}
