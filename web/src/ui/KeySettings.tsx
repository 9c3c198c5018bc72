import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from "react";
import type { Command } from "../engine/commands.js";
import { bindingsFor, chordsOf, clashesIn, rebound, restored, type Chord as ChordText } from "../engine/keymap.js";
import { PRESETS } from "../engine/presets.js";
import { focusFirst } from "./focus.js";
import { ranked } from "./fuzzy.js";
import type { Keymap } from "./Keymap.js";
import { Chord } from "./KeySheet.js";
import { useStore } from "./useStore.js";

/** The browser keeps these for itself, so a page never hears of them. */
const BROWSERS: readonly ChordText[] = ["Ctrl+N", "Ctrl+T", "Ctrl+W", "Ctrl+Shift+N", "Ctrl+Shift+T", "Ctrl+Shift+W", "Ctrl+Q", "Ctrl+Tab", "Ctrl+Shift+Tab"];

/** Changing keys: a preset as the ground, other keys for single commands, and no two commands on one key. */
export function KeySettings({ keymap }: { keymap: Keymap }): ReactElement {
  const { commands, choices: store } = keymap;
  const choices = useStore(store, (value) => value);
  const [query, setQuery] = useState("");
  const [waiting, setWaiting] = useState<string | null>(null);
  const [fault, setFault] = useState("");
  const touched = useRef<string | null>(null);
  // The button that was pressed may be gone now; its neighbour takes the focus, so that the keyboard is not lost.
  useEffect(() => {
    if (touched.current !== null && waiting === null && document.activeElement === document.body) focusFirst(`[data-change="${CSS.escape(touched.current)}"]`);
  });
  const bindings = bindingsFor(commands, PRESETS, choices);
  const shown = new Set(ranked(commands, query, ({ name, group }) => `${name} ${group}`).map(({ thing }) => thing));
  const groups = [...new Set(commands.map(({ group }) => group))].map((group) => ({ group, all: commands.filter((command) => command.group === group && shown.has(command)) }));

  const bind = (command: Command, keys: readonly ChordText[]) => {
    touched.current = command.id;
    setWaiting(null);
    const result = rebound(commands, PRESETS, choices, command.id, keys);
    if ("choices" in result) {
      setFault("");
      return store.set(result.choices);
    }
    const { chord, first, second } = result.clash;
    return setFault(`${spoken(chord)} is the key of “${(first.id === command.id ? second : first).name}” already. Nothing was changed.`);
  };
  const capture = (command: Command) => (event: KeyboardEvent) => {
    const [chord] = chordsOf(event.nativeEvent);
    if (chord === undefined || chord === "Tab" || chord === "Shift+Tab") return undefined;
    event.preventDefault();
    event.stopPropagation();
    if (chord === "Esc") return setWaiting(null);
    if (BROWSERS.includes(chord)) return setFault(`${spoken(chord)} belongs to the browser. Nothing was changed.`);
    return bind(command, [chord]);
  };
  const takePreset = (preset: string) => {
    const next = { ...choices, preset };
    const clash = clashesIn(commands, bindingsFor(commands, PRESETS, next))[0];
    if (clash === undefined) {
      setFault("");
      return store.set(next);
    }
    return setFault(`With your own keys, ${spoken(clash.chord)} would be both “${clash.first.name}” and “${clash.second.name}”. Reset your keys first. Nothing was changed.`);
  };
  const restore = (command: Command) => {
    touched.current = command.id;
    const next = restored(choices, command.id);
    const clash = clashesIn(commands, bindingsFor(commands, PRESETS, next)).find(({ first, second }) => first.id === command.id || second.id === command.id);
    if (clash === undefined) {
      setFault("");
      return store.set(next);
    }
    return setFault(`${spoken(clash.chord)} is the key of “${(clash.first.id === command.id ? clash.second : clash.first).name}” now. Nothing was changed.`);
  };

  return (
    <>
      <div className="keys-head">
        <label>Preset<select value={choices.preset} onChange={(event) => takePreset(event.target.value)}>{PRESETS.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</select></label>
        <label className="spring">Find<input type="search" value={query} onChange={(event) => setQuery(event.target.value)} autoComplete="off" spellCheck={false} /></label>
        <button disabled={Object.keys(choices.changed).length === 0} onClick={() => { setFault(""); store.set({ ...choices, changed: {} }); }}>Reset all</button>
      </div>
      <p className="keys-fault" role="alert">{fault}</p>
      <div className="keys-list">
        {groups.filter(({ all }) => all.length > 0).map(({ group, all }) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            {all.map((command) => {
              const keys = bindings.get(command.id) ?? [];
              return (
                <div className="keys-row" key={command.id}>
                  <span className="name">{command.name}</span>
                  {waiting === command.id ? (
                    <button className="capture" autoFocus aria-label={`Press the new keys for ${command.name}, Escape to keep the old ones`} onKeyDown={capture(command)} onBlur={() => setWaiting(null)}>Press the new keys…</button>
                  ) : <>
                    {keys.length === 0 ? <span className="faint">no key</span> : keys.map((chord) => <Chord key={chord} chord={chord} />)}
                    <button data-change={command.id} aria-label={`Change the keys of ${command.name}`} onClick={() => { touched.current = command.id; setFault(""); setWaiting(command.id); }}>Change</button>
                    {keys.length > 0 && <button className="quiet" aria-label={`Take the keys from ${command.name}`} onClick={() => bind(command, [])}>None</button>}
                    {choices.changed[command.id] !== undefined && <button className="quiet" aria-label={`Reset the keys of ${command.name}`} onClick={() => restore(command)}>Reset</button>}
                  </>}
                </div>
              );
            })}
          </section>
        ))}
      </div>
    </>
  );
}

function spoken(chord: ChordText): string {
  return chord.replace(/\+(?=.)/g, " ");
}
