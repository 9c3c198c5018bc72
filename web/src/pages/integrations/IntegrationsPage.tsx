import { useMemo, useState, type FormEvent, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { importsOf } from "../../api/imports.js";
import { integrationsOf, type Integration, type IntegrationChange, type Trial } from "../../api/integrations.js";
import { useLoaded } from "../insight/useLoaded.js";
import { AllowList } from "../manage/AllowList.js";
import { momentOf, words } from "../manage/useList.js";
import { IntegrationForm } from "./IntegrationForm.js";
import { PROVIDERS } from "./settings.js";
import "./integrations.css";

type Calls = ReturnType<typeof integrationsOf>;

const STEPS: { readonly [step in Trial["steps"][number]["name"]]: string } = { login: "Log in", list: "List", read: "Read" };

/** The buckets and containers that tasks may take their files from. */
export function IntegrationsPage({ api }: { api: Api }): ReactElement {
  const calls = useMemo(() => integrationsOf(api), [api]);
  const imports = useMemo(() => importsOf(api), [api]);
  const { value, fault, reload } = useLoaded(calls.list);
  const [open, setOpen] = useState<string | "new" | null>(null);
  const [trials, setTrials] = useState<ReadonlyMap<string, Trial | "busy" | string>>(new Map());
  const note = (id: string, trial: Trial | "busy" | string) => setTrials((old) => new Map([...old, [id, trial]]));
  const test = (id: string, file: string) => {
    note(id, "busy");
    return calls.test(id, file).then((trial) => note(id, trial), (error: unknown) => note(id, words(error))).finally(reload);
  };
  const save = (id: string | null) => async (change: IntegrationChange) => {
    const saved = id === null ? await calls.add(change) : await calls.change(id, change);
    setOpen(null);
    reload();
    void test(saved.id, "");
  };
  const editing = value?.integrations.find(({ id }) => id === open) ?? null;
  return (
    <>
      <p className="faint">Tasks may name their files by <code>s3://</code>, <code>gs://</code> and Azure addresses once the bucket is added here. Files are copied when a task is created; people who label never see where they came from.</p>
      <p className="form-fault" role="alert">{fault}</p>
      {open === null && <p><button className="primary" onClick={() => setOpen("new")}>Add an integration</button></p>}
      {open !== null && value !== null && <IntegrationForm key={open} integration={editing} externalId={value.external_id} hasIdentity={value.has_identity} onSave={save(editing?.id ?? null)} onClose={() => setOpen(null)} />}
      {value === null ? fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" />
        : value.integrations.length === 0 ? open === null && <p className="card idle">There are no integrations yet.</p>
        : value.integrations.filter(({ id }) => id !== open).map((one) => (
          <Place key={one.id} integration={one} trial={trials.get(one.id) ?? null} calls={calls} onEdit={() => setOpen(one.id)} onTest={(file) => void test(one.id, file)} onRemoved={reload} />
        ))}
      <AllowList calls={imports} />
    </>
  );
}

interface PlaceProps {
  readonly integration: Integration;
  readonly trial: Trial | "busy" | string | null;
  readonly calls: Calls;
  readonly onEdit: () => void;
  readonly onTest: (file: string) => void;
  readonly onRemoved: () => void;
}

function Place({ integration, trial, calls, onEdit, onTest, onRemoved }: PlaceProps): ReactElement {
  const { name, prefix, provider } = integration;
  const [file, setFile] = useState("");
  const [fault, setFault] = useState("");
  const remove = () => {
    if (!window.confirm(`Remove "${name}"? Files that were copied stay; tasks that name others under ${prefix} fail from then on.`)) return;
    void calls.remove(integration.id).then(onRemoved, (error: unknown) => setFault(words(error)));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onTest(file.trim());
  };
  return (
    <section className="card part integration" aria-label={name}>
      <header><h2>{name}</h2><State integration={integration} /></header>
      <p><code>{prefix}</code> <span className="faint">{PROVIDERS[provider].name}</span></p>
      <form className="integration-test" onSubmit={submit}>
        <button disabled={trial === "busy"}>{trial === "busy" ? "Trying" : "Try it"}</button>
        <input aria-label="A file to try" placeholder={`with the first file, or ${prefix}…`} value={file} spellCheck={false} onChange={(event) => setFile(event.target.value)} />
        <button type="button" onClick={onEdit}>Change</button>
        <button type="button" onClick={remove}>Remove</button>
      </form>
      <p className="form-fault" role="alert">{fault}{typeof trial === "string" && trial !== "busy" ? trial : ""}</p>
      <div role="status">
        {trial !== null && typeof trial !== "string" ? <Steps trial={trial} /> : integration.fault !== undefined && trial === null && <p className="integration-fault">{integration.fault}</p>}
      </div>
    </section>
  );
}

function State({ integration: { tested_at: tested, fault } }: { integration: Integration }): ReactElement {
  if (tested === undefined) return <span className="integration-state">never tried</span>;
  return <span className="integration-state" data-state={fault === undefined ? "good" : "bad"}>{fault === undefined ? `works, tried ${momentOf(tested)}` : `does not work, tried ${momentOf(tested)}`}</span>;
}

function Steps({ trial }: { trial: Trial }): ReactElement {
  return (
    <ul className="integration-steps">
      {trial.steps.map((step) => (
        <li key={step.name} data-passed={step.passed}><b>{STEPS[step.name]}: {step.passed ? "passed" : "failed"}</b> <span>{step.message}</span></li>
      ))}
    </ul>
  );
}
