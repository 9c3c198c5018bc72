import { useMemo, useState, type FormEvent, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { peopleOf, type Key, type NewKey } from "../../api/people.js";
import { NetworksDialog, networksOf } from "./NetworksDialog.js";
import { Once } from "./Once.js";
import { dayOf, useList } from "./useList.js";

const SCOPES: { readonly [scope in Key["scope"]]: string } = {
  full: "everything that keys can do",
  tasks: "sends data, fetches answers",
  read: "reads only",
};
const LIVES: readonly { readonly days: number | null; readonly name: string }[] = [
  { days: 30, name: "30 days" }, { days: 90, name: "90 days" }, { days: 365, name: "a year" }, { days: null, name: "until revoked" },
];

/** The keys that programs authenticate with. */
export function Keys({ api }: { api: Api }): ReactElement {
  const calls = useMemo(() => peopleOf(api), [api]);
  const { rows, fault, run } = useList(calls.keys);
  const [made, setMade] = useState<{ name: string; key: string } | null>(null);
  const make = (key: NewKey) => run(async () => setMade(await calls.makeKey(key)));
  const [limited, setLimited] = useState<Key | null>(null);
  const revoke = (key: Key) => {
    if (window.confirm(`Revoke "${key.name}" (${key.hint})? Programs that use it are refused from then on.`)) void run(() => calls.revokeKey(key.id));
  };
  return (
    <>
      <KeyForm onMake={make} />
      <p className="form-fault" role="alert">{fault}</p>
      {made !== null && <Once name="New key" text={made.key} note={`This is the key "${made.name}". It is shown only now; the server keeps its hash.`} onDone={() => setMade(null)} />}
      {rows === null ? <div className="table-skeleton" role="status" aria-label="Loading" /> : rows.length === 0 ? <p className="faint">There are no keys yet.</p> : (
        <table className="list">
          <thead><tr><th>Name</th><th>Begins with</th><th>World</th><th>Scope</th><th>Usable from</th><th>Made</th><th>Ends</th><th><span className="hidden">Actions</span></th></tr></thead>
          <tbody>
            {[...rows].reverse().map((key) => (
              <tr key={key.id} className={ended(key) ? "off" : ""}>
                <td><b>{key.name === "" ? "unnamed" : key.name}</b></td>
                <td><code>{key.hint}</code></td>
                <td>{key.mode}</td>
                <td title={SCOPES[key.scope]}>{key.scope}</td>
                <td>{key.networks.length === 0 ? "anywhere" : key.networks.join(", ")}</td>
                <td>{dayOf(key.created_at)}</td>
                <td>{key.revoked_at !== undefined ? `revoked ${dayOf(key.revoked_at)}` : key.expires_at === undefined ? "when revoked" : dayOf(key.expires_at)}</td>
                <td className="row-actions">{!ended(key) && <><button onClick={() => setLimited(key)}>Networks…</button><button onClick={() => revoke(key)}>Revoke</button></>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {limited !== null && <NetworksDialog networks={limited.networks} name={limited.name} onClose={() => setLimited(null)} onSave={(networks) => run(() => calls.setNetworks(limited.id, networks))} />}
    </>
  );
}

function ended({ revoked_at: revoked, expires_at: expires }: Key): boolean {
  return revoked !== undefined || (expires !== undefined && new Date(expires).getTime() <= Date.now());
}

function KeyForm({ onMake }: { onMake: (key: NewKey) => Promise<boolean> }): ReactElement {
  const [name, setName] = useState("");
  const [mode, setMode] = useState<Key["mode"]>("live");
  const [scope, setScope] = useState<Key["scope"]>("tasks");
  const [days, setDays] = useState<number | null>(365);
  const [networks, setNetworks] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onMake({ name: name.trim(), mode, scope, networks: networksOf(networks), ...(days === null ? {} : { expires_in_days: days }) }).then((done) => { if (done) setName(""); });
  };
  return (
    <form className="line-form" onSubmit={submit}>
      <label>Name<input required value={name} placeholder="nightly import" onChange={(event) => setName(event.target.value)} /></label>
      <label>World
        <select value={mode} onChange={(event) => setMode(event.target.value as Key["mode"])}>
          <option value="live">live</option>
          <option value="test">test: answered at once, by rote</option>
        </select>
      </label>
      <label>Scope
        <select value={scope} onChange={(event) => setScope(event.target.value as Key["scope"])}>
          {Object.entries(SCOPES).map(([value, what]) => <option key={value} value={value}>{`${value}: ${what}`}</option>)}
        </select>
      </label>
      <label>Lasts
        <select value={String(days)} onChange={(event) => setDays(event.target.value === "null" ? null : Number(event.target.value))}>
          {LIVES.map((life) => <option key={life.name} value={String(life.days)}>{life.name}</option>)}
        </select>
      </label>
      <label>Usable from<input value={networks} placeholder="anywhere" title="Addresses or networks such as 203.0.113.0/24, separated by blanks" onChange={(event) => setNetworks(event.target.value)} /></label>
      <button className="primary">Make a key</button>
    </form>
  );
}
