import { useEffect, useState, type FormEvent, type ReactElement } from "react";
import { auditsOf, type Sample } from "../../../api/audits.js";
import type { Api } from "../../../api/client.js";
import { words } from "../../manage/useList.js";

interface Props {
  readonly api: Api;
  readonly project: string;
  readonly onDrawn: (sample: Sample) => void;
}

/** Draws completed tasks for an audit. */
export function SampleForm({ api, project, onDrawn }: Props): ReactElement {
  const [size, setSize] = useState<"count" | "percent" | "all">("count");
  const [number, setNumber] = useState("20");
  const [order, setOrder] = useState<Sample["order"]>("random");
  const [batch, setBatch] = useState("");
  const [tag, setTag] = useState("");
  const [again, setAgain] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const batches = useBatches(api, project);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const amount = Number(number);
    if (size !== "all" && !(amount > 0)) return setFault("Give a number above 0.");
    if (size === "percent" && amount > 100) return setFault("There are at most 100 %.");
    setBusy(true);
    setFault("");
    const filter = { unaudited: !again, ...(tag.trim() === "" ? {} : { tags: [tag.trim()] }) };
    auditsOf(api).draw({
      project, order, filter, ...(batch === "" ? {} : { batch }),
      ...(size === "count" ? { count: Math.round(amount) } : size === "percent" ? { percent: amount } : {}),
    }).then(onDrawn, (error: unknown) => setFault(words(error))).finally(() => setBusy(false));
  };
  return (
    <form className="line-form" onSubmit={submit} noValidate>
      <label>Draw<span className="amount">
        {size !== "all" && <input type="number" min={1} max={size === "percent" ? 100 : 10000} value={number} aria-label="How many" onChange={(event) => setNumber(event.target.value)} />}
        <select value={size} aria-label="Of what" onChange={(event) => setSize(event.target.value as typeof size)}><option value="count">tasks</option><option value="percent">% of the tasks</option><option value="all">all tasks</option></select>
      </span></label>
      <label>In order<select value={order} onChange={(event) => setOrder(event.target.value as Sample["order"])}><option value="random">random</option><option value="newest">newest first</option><option value="oldest">oldest first</option></select></label>
      <label>From<select value={batch} onChange={(event) => setBatch(event.target.value)}><option value="">all batches</option>{batches.map((name) => <option key={name}>{name}</option>)}</select></label>
      <label>With the tag<input value={tag} placeholder="any" onChange={(event) => setTag(event.target.value)} /></label>
      <label className="tick"><input type="checkbox" checked={again} onChange={(event) => setAgain(event.target.checked)} /> also audited ones</label>
      <button className="primary" disabled={busy}>{busy ? "Drawing…" : "Draw a sample"}</button>
      <p className="form-fault" role="alert">{fault}</p>
    </form>
  );
}

/** The names of a project's batches; without them the whole project can still be drawn from. */
function useBatches(api: Api, project: string): readonly string[] {
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    let current = true;
    api.call<{ docs: readonly { readonly name: string }[] }>("GET", `/v1/batches?limit=100&project=${encodeURIComponent(project)}`)
      .then(({ docs }) => { if (current) setNames(docs.map(({ name }) => name)); }, () => undefined);
    return () => { current = false; };
  }, [api, project]);
  return names;
}
