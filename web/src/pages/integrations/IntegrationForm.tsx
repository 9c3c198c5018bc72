import { useState, type FormEvent, type ReactElement } from "react";
import type { Integration, IntegrationChange, Provider } from "../../api/integrations.js";
import { copyText } from "../../ui/copy.js";
import { words } from "../manage/useList.js";
import { grantsFor, type Grant } from "./grants.js";
import { changeOf, PROVIDERS, providerOf, wayOf, type SettingField } from "./settings.js";

interface Props {
  /** Null for a new one. */
  readonly integration: Integration | null;
  readonly externalId: string;
  readonly hasIdentity: boolean;
  readonly onSave: (change: IntegrationChange) => Promise<void>;
  readonly onClose: () => void;
}

/** Everything that an integration is made of, with what its provider has to grant beside it. */
export function IntegrationForm({ integration, externalId, hasIdentity, onSave, onClose }: Props): ReactElement {
  const [provider, setProvider] = useState<Provider>(integration?.provider ?? "s3");
  const [name, setName] = useState(integration?.name ?? "");
  const [prefix, setPrefix] = useState(integration?.prefix ?? "");
  const [wayAt, setWayAt] = useState(integration === null ? 0 : wayOf(integration));
  const [values, setValues] = useState<ReadonlyMap<string, string | boolean>>(new Map(Object.entries(integration?.settings ?? {})));
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const { ways, more, prefix: example } = PROVIDERS[provider];
  const way = ways[wayAt] ?? ways[0]!;
  const set = (field: string, value: string | boolean) => setValues((old) => new Map([...old, [field, value]]));
  const choose = (next: Provider) => { setProvider(next); setWayAt(0); };
  const type = (text: string) => {
    setPrefix(text);
    const named = providerOf(text);
    // The address says whose storage it is; only for new ones, since the provider stays.
    if (integration === null && named !== null && named !== provider) choose(named);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFault("");
    setBusy(true);
    void onSave(changeOf(name, prefix, provider, way, values, integration)).catch((error: unknown) => setFault(words(error))).finally(() => setBusy(false));
  };
  const field = (one: SettingField) => <Setting key={one.name} field={one} value={values.get(one.name)} isSet={integration?.secrets.includes(one.name) ?? false} onChange={(value) => set(one.name, value)} />;
  return (
    <form className="card part integration-form" aria-label={integration === null ? "New integration" : `Change ${integration.name}`} onSubmit={submit}>
      <h2>{integration === null ? "New integration" : `Change ${integration.name}`}</h2>
      <div className="line-form">
        <label>Provider
          <select value={provider} disabled={integration !== null} onChange={(event) => choose(event.target.value as Provider)}>
            {Object.entries(PROVIDERS).map(([value, one]) => <option key={value} value={value}>{one.name}</option>)}
          </select>
        </label>
        <label>Name<input required maxLength={200} value={name} placeholder="street pictures" onChange={(event) => setName(event.target.value)} /></label>
      </div>
      <label className="integration-field">Addresses that begin with
        <input required value={prefix} placeholder={example} spellCheck={false} onChange={(event) => type(event.target.value)} />
        <small>Of several integrations, the one with the longest beginning counts.</small>
      </label>
      <fieldset className="integration-ways">
        <legend>Access</legend>
        {ways.map((one, index) => one.needsIdentity === true && !hasIdentity && way !== one ? null : <label key={one.name} className="tick"><input type="radio" name="way" checked={way === one} onChange={() => setWayAt(index)} />{one.name}</label>)}
      </fieldset>
      <div className="integration-fields">{way.fields.map(field)}</div>
      <details className="integration-more" open={more.some(({ name: one }) => integration?.settings[one] !== undefined)}>
        <summary>Further settings</summary>
        <div className="integration-fields">{more.map(field)}</div>
      </details>
      <p className="form-fault" role="alert">{fault}</p>
      <p className="integration-actions"><button className="primary" disabled={busy}>{busy ? "Saving and trying" : "Save and try"}</button><button type="button" onClick={onClose}>Cancel</button></p>
      <section className="integration-grants" aria-label="What to grant">
        <h3>What to grant</h3>
        {grantsFor(provider, prefix === "" ? example : prefix, externalId, provider !== "s3" || wayAt === 0 ? null : wayAt === 1 ? "keys" : "server").map((grant) => <GrantText key={grant.name} grant={grant} />)}
      </section>
    </form>
  );
}

function Setting({ field, value, isSet, onChange }: { field: SettingField; value: string | boolean | undefined; isSet: boolean; onChange: (value: string | boolean) => void }): ReactElement {
  if (field.kind === "tick") return <label className="tick integration-tick"><input type="checkbox" checked={value === true} onChange={(event) => onChange(event.target.checked)} />{field.label}</label>;
  const shared = {
    value: typeof value === "string" ? value : "", spellCheck: false, autoComplete: "off", placeholder: isSet ? "set; type to replace it" : field.placeholder,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  return (
    <label className="integration-field">{field.label}
      {field.kind === "long" ? <textarea rows={5} {...shared} /> : field.kind === "secret" ? <input type="password" {...shared} autoComplete="new-password" /> : <input {...shared} />}
      {field.note !== undefined && <small>{field.note}</small>}
    </label>
  );
}

function GrantText({ grant }: { grant: Grant }): ReactElement {
  const [copied, setCopied] = useState(false);
  return (
    <div className="integration-grant">
      <p><b>{grant.name}</b> <span className="faint">{grant.note}</span></p>
      <pre tabIndex={0} aria-label={grant.name}>{grant.text}</pre>
      <button type="button" onClick={() => void copyText(grant.text).then(setCopied)}>{copied ? "Copied" : "Copy"}</button>
    </div>
  );
}
