import { useEffect, useState, type ReactElement } from "react";
import type { ImportRecord, importsOf, ImportPlace } from "../../../api/imports.js";
import { AllowList } from "../../manage/AllowList.js";
import { words } from "../../manage/useList.js";
import { BucketImports } from "./BucketImports.js";

const LOOK_AGAIN = 1000;

/** The ways of saying which files are meant. */
const WAYS = {
  pattern: {
    name: "file names", example: "all, or **/*.{jpg,png}",
    help: <>The pattern is about what stands behind the last slash: <code>*</code> is anything but slashes, <code>**</code> anything, <code>?</code> one character, <code>{"{a,b}"}</code> either.</>,
  },
  regex: {
    name: "a regular expression", example: "all, or ^cam-[0-9]+/.*\\.(jpg|png)$",
    help: <>The expression has to fit somewhere in what stands behind the last slash; <code>^</code> and <code>$</code> are its ends.</>,
  },
} as const;

interface Props {
  readonly calls: ReturnType<typeof importsOf>;
  readonly place: ImportPlace;
  readonly onDone: () => void;
}

/** Makes a task of each file under a prefix of a bucket; the server does it, so the page may be left. */
export function BucketSource({ calls, place, onDone }: Props): ReactElement {
  const [source, setSource] = useState("");
  const [way, setWay] = useState<keyof typeof WAYS>("pattern");
  const [which, setWhich] = useState("");
  const [fault, setFault] = useState("");
  const [rows, setRows] = useState<readonly ImportRecord[]>([]);
  const { project } = place;
  useEffect(() => {
    calls.imports().then((all) => setRows(all.filter(({ kind, request }) => kind === "bucket" && request.project === project)), (error: unknown) => setFault(words(error)));
  }, [calls, project]);
  const open = rows.filter(({ state }) => state === "waiting" || state === "running").map(({ id }) => id).join(" ");
  const take = (news: ImportRecord) => setRows((before) => before.some(({ id }) => id === news.id) ? before.map((row) => (row.id === news.id ? news : row)) : [news, ...before]);
  useEffect(() => {
    if (open === "") return undefined;
    const look = (id: string) => calls.imported(id).then((news) => {
      take(news);
      if (news.state === "done" && !news.request.dry_run) onDone();
    }, () => undefined);
    const timer = setInterval(() => open.split(" ").forEach((id) => void look(id)), LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [calls, open, onDone]);
  const run = (call: Promise<ImportRecord>) => { setFault(""); call.then(take, (error: unknown) => setFault(words(error))); };
  const begin = (isDry: boolean) => run(calls.begin(place, source.trim(), which.trim() === "" ? {} : { [way]: which.trim() }, isDry));
  const isEmpty = source.trim() === "";
  return (
    <div className="table-source">
      <div className="line-form">
        <label className="grow">Where the files lie<input value={source} spellCheck={false} placeholder="s3://bucket/photos/" onChange={(event) => setSource(event.target.value)} /></label>
        <label>Which of them<input value={which} spellCheck={false} placeholder={WAYS[way].example} onChange={(event) => setWhich(event.target.value)} /></label>
        <label>Written as
          <select value={way} onChange={(event) => setWay(event.target.value as keyof typeof WAYS)}>
            {Object.entries(WAYS).map(([value, { name }]) => <option key={value} value={value}>{name}</option>)}
          </select>
        </label>
      </div>
      <p className="faint">An integration has to cover the place: see <a href="#/integrations">Integrations</a>. {WAYS[way].help} Each task gets its file's name as metadata, so it is found by it.</p>
      <div className="actions">
        <button disabled={isEmpty} onClick={() => begin(true)}>Try it dry</button>
        <button className="primary" disabled={isEmpty} onClick={() => begin(false)}>Import</button>
      </div>
      <p className="form-fault" role="alert">{fault}</p>
      <BucketImports rows={rows} onCancel={(id) => run(calls.cancel(id))} />
      <AllowList calls={calls} />
    </div>
  );
}
