import { useState, type ReactElement } from "react";
import { preferences, type Preferences } from "../engine/preferences.js";
import { Dialog } from "./Dialog.js";
import { KeySettings } from "./KeySettings.js";
import type { Keymap } from "./Keymap.js";
import { changePreferences } from "./preferences.js";
import { Tabs } from "./Tabs.js";
import { useStore } from "./useStore.js";
import "./PreferencesDialog.css";

export type PreferencesTab = "look" | "keys";

interface Props {
  readonly keymap: Keymap;
  readonly first: PreferencesTab;
  readonly onClose: () => void;
}

/** What a person can choose about the editor. Every choice holds at once and is remembered in this browser. */
export function PreferencesDialog({ keymap, first, onClose }: Props): ReactElement {
  const [tab, setTab] = useState<PreferencesTab>(first);
  return (
    <Dialog title="Preferences" wide onClose={onClose}>
      <Tabs name="Preferences" panel="preferences-panel" chosen={tab} onChoose={setTab} tabs={[{ id: "look", title: "Look and drawing" }, { id: "keys", title: "Keys" }]} />
      <div id="preferences-panel" className="preferences" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === "look" ? <Look /> : <KeySettings keymap={keymap} />}
      </div>
      <div className="actions"><button className="primary" onClick={onClose}>Close</button></div>
    </Dialog>
  );
}

function Look(): ReactElement {
  const chosen = useStore(preferences, (value) => value);
  return (
    <>
      <Choice name="theme" title="Theme" value={chosen.theme} choices={{ system: "As the system", light: "Light", dark: "Dark" }} />
      <Choice name="motion" title="Motion" value={chosen.motion} choices={{ system: "As the system", reduced: "Reduced" }} />
      <Choice name="tags" title="Number and label on the picture" value={chosen.tags} choices={{ selected: "Of the selected object", all: "Of every object", none: "Of none" }} />
      <Switch name="snapping" title="Snapping" words="Points stick to vertices and edges nearby. Hold Ctrl for the opposite." on={chosen.snapping} />
      <Switch name="dim" title="Dim while drawing" words="Other objects step back while a shape is in hand." on={chosen.dim} />
    </>
  );
}

function Choice<N extends "theme" | "motion" | "tags">({ name, title, value, choices }: { name: N; title: string; value: Preferences[N]; choices: { readonly [value: string]: string } }): ReactElement {
  return (
    <fieldset className="preference">
      <legend>{title}</legend>
      <div className="segments">
        {Object.entries(choices).map(([choice, words]) => (
          <label key={choice}><input type="radio" name={`preference-${name}`} checked={choice === value} onChange={() => changePreferences({ [name]: choice } as Partial<Preferences>)} /><span>{words}</span></label>
        ))}
      </div>
    </fieldset>
  );
}

function Switch({ name, title, words, on }: { name: "snapping" | "dim"; title: string; words: string; on: boolean }): ReactElement {
  return (
    <label className="preference switch">
      <input type="checkbox" role="switch" checked={on} aria-describedby={`about-${name}`} onChange={(event) => changePreferences({ [name]: event.target.checked })} />
      <span><b>{title}</b><span className="faint" id={`about-${name}`}>{words}</span></span>
    </label>
  );
}
