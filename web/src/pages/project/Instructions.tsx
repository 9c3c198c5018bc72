import { useMemo, useState, type ReactElement } from "react";
import { versionsOf } from "../../api/versions.js";
import { LEADS } from "../manage/roles.js";
import { words } from "../manage/useList.js";
import { InstructionEditor } from "./InstructionEditor.js";
import type { TabProps } from "./tabs.js";

/** The instruction that all tasks of the project show; saving makes another version of the project's parameters. */
export function Instructions({ api, user, project, onChanged }: TabProps): ReactElement {
  const calls = useMemo(() => versionsOf(api, project.name), [api, project.name]);
  const { instruction } = project.params;
  const saved = typeof instruction === "string" ? instruction : "";
  const [text, setText] = useState(saved);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ readonly text: string; readonly bad: boolean }>({ text: "", bad: false });
  const mayWrite = LEADS.includes(user.role);
  const save = () => {
    setBusy(true);
    calls.save({ ...project.params, instruction: text }, project.version).then(
      ({ version }) => { setSaid({ text: `Saved as version ${version}. Tasks sent from now on show it.`, bad: false }); onChanged(); },
      (error: unknown) => setSaid({ text: words(error), bad: true }),
    ).finally(() => setBusy(false));
  };
  return (
    <>
      <InstructionEditor text={text} disabled={!mayWrite} onChange={(next) => { setText(next); setSaid({ text: "", bad: false }); }} />
      {mayWrite && (
        <div className="actions">
          <button className="primary" disabled={busy || text === saved} onClick={save}>{busy ? "Saving…" : "Save"}</button>
          {text !== saved && <button onClick={() => setText(saved)}>Discard changes</button>}
          <span className={said.bad ? "form-fault" : "faint"} role={said.bad ? "alert" : "status"}>{said.text}</span>
        </div>
      )}
    </>
  );
}
