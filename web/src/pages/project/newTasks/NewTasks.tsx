import { useMemo, useState, type ReactElement } from "react";
import { batchesOf } from "../../../api/batches.js";
import { importsOf, type ImportPlace } from "../../../api/imports.js";
import { Tabs } from "../../../ui/Tabs.js";
import { NewBatch } from "../batches/NewBatch.js";
import { PrioritySelect } from "../batches/PrioritySelect.js";
import { useBatches } from "../batches/useBatches.js";
import { linkTo, replaceQuery, useQuery } from "../../route.js";
import type { TabProps } from "../tabs.js";
import { AddressSource } from "./AddressSource.js";
import { BucketSource } from "./BucketSource.js";
import { FileSource } from "./FileSource.js";
import { LinesSource } from "./LinesSource.js";
import { TableSource } from "./TableSource.js";
import "../batches/batches.css";
import "./newTasks.css";

type Way = "files" | "table" | "addresses" | "lines" | "bucket";

const WAYS: readonly { readonly id: Way; readonly title: string }[] = [
  { id: "files", title: "Files" }, { id: "table", title: "Table (CSV)" }, { id: "addresses", title: "Addresses" },
  { id: "lines", title: "JSON lines" }, { id: "bucket", title: "From a bucket" },
];
/** Texts stand in the tasks themselves rather than in files. */
const TEXT_WAYS = WAYS.filter(({ id }) => id !== "files" && id !== "bucket");

const FILE_LINE = '{"attachment": "https://example.com/1.jpg", "unique_id": "cam-1-0001", "priority": 20}';
const TEXT_LINE = '{"text": "A text to label", "unique_id": "text-0001", "priority": 20}';

/** Brings new tasks into a project: from files, a table or a list of addresses. */
export function NewTasks({ api, project, onChanged }: TabProps): ReactElement {
  const batchCalls = useMemo(() => batchesOf(api), [api]);
  const calls = useMemo(() => importsOf(api), [api]);
  const query = useQuery();
  const { batches, fault, reload } = useBatches(api, project.name, false);
  const isText = project.editor === "text";
  const [way, setWay] = useState<Way>(isText ? "table" : "files");
  const [priority, setPriority] = useState<number | null>(null);
  const [tags, setTags] = useState("");
  const [isMaking, setMaking] = useState(false);
  const open = batches?.filter(({ takes_tasks: takes }) => takes) ?? [];
  const wanted = query.get("batch");
  const batch = wanted ?? open.find(({ status }) => status === "staging")?.name ?? "";
  const isStaging = open.find(({ name }) => name === batch)?.status !== "in_progress";
  const choose = (name: string) => replaceQuery(new URLSearchParams({ batch: name }));
  const tagList = tags.split(",").map((tag) => tag.trim()).filter((tag) => tag !== "");
  const place: ImportPlace = {
    project: project.name, ...(batch === "" ? {} : { batch }),
    defaults: { ...(priority === null ? {} : { priority }), ...(tagList.length === 0 ? {} : { tags: tagList }) },
  };
  if (batches === null) return fault === "" ? <div className="table-skeleton" role="status" aria-label="Loading" /> : <p className="form-fault" role="alert">{fault}</p>;
  return (
    <>
      <div className="section-head"><h2>New tasks</h2><a href={`${linkTo("projects", project.name, "tasks")}${batch === "" ? "" : `?batch=${encodeURIComponent(batch)}`}`}>Show the tasks there</a></div>
      <section className="card setup-part" aria-label="Where they go">
        <div className="line-form">
          <label>Batch
            <select value={batch} onChange={(event) => choose(event.target.value)}>
              {project.product === "rapid" ? <option value="" disabled>Choose one</option> : <option value="">None: they go to work at once</option>}
              {wanted !== null && wanted !== "" && !open.some(({ name }) => name === wanted) && <option value={wanted}>{wanted}</option>}
              {open.map(({ id, name, status }) => <option key={id} value={name}>{name}{status === "staging" ? "" : " (launched)"}</option>)}
            </select>
          </label>
          <button onClick={() => setMaking(true)}>New batch …</button>
          <label>Priority<PrioritySelect value={priority} onChange={setPriority} /></label>
          <label>Tags <input value={tags} placeholder="night, rain" onChange={(event) => setTags(event.target.value)} /></label>
        </div>
        <p className="faint">{batch === "" ? (project.product === "rapid" ? "Tasks of this project belong to batches." : "Labelers get them as soon as their files are here.") : isStaging ? "They wait in the batch until it is launched." : "The batch is at work, so they go to work at once."} What is there already, by its unique id or its data, is not made twice: an import that broke off can be repeated as a whole.</p>
      </section>
      <Tabs name="Where they come from" panel="new-tasks" tabs={isText ? TEXT_WAYS : WAYS} chosen={way} onChoose={setWay} />
      <div id="new-tasks" role="tabpanel" aria-labelledby={`tab-${way}`} className="task-source">
        {/* Files go on being sent while another way is looked at. */}
        {!isText && <div hidden={way !== "files"}><FileSource key={batch} calls={calls} place={place} isPicture={project.editor === "image"} onDone={onChanged} /></div>}
        {way === "table" && <TableSource calls={calls} place={place} onDone={onChanged} />}
        {way === "lines" && <LinesSource calls={calls} place={place} example={isText ? TEXT_LINE : FILE_LINE} onDone={onChanged} />}
        {way === "bucket" && <BucketSource calls={calls} place={place} onDone={onChanged} />}
        {way === "addresses" && <AddressSource calls={calls} place={place} isText={isText} onDone={onChanged} />}
      </div>
      {isMaking && (
        <NewBatch
          onClose={() => setMaking(false)} onMake={(made) => batchCalls.make({ project: project.name, ...made })}
          onMade={(made) => { setMaking(false); void reload().then(() => choose(made.name)); onChanged(); }}
        />
      )}
    </>
  );
}
