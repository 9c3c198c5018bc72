import { useEffect, useMemo, useRef, useState, type DragEvent, type ReactElement } from "react";
import type { importsOf, ImportPlace } from "../../../api/imports.js";
import { useStore } from "../../../ui/useStore.js";
import { words } from "../../manage/useList.js";
import { chosenFiles, filesOf, sorted, type FoundFile } from "./dropped.js";
import { tally, Uploads, type Upload } from "./Uploads.js";
import { UploadList } from "./UploadList.js";

interface Props {
  readonly calls: ReturnType<typeof importsOf>;
  readonly place: ImportPlace;
  /** Whether tasks are about pictures, so that other files in a folder are left out. */
  readonly isPicture: boolean;
  readonly onDone: () => void;
}

/** Takes files and folders, sends them, and makes a task of each. */
export function FileSource({ calls, place, isPicture, onDone }: Props): ReactElement {
  // What is chosen above may change while files are sent; each portion takes what holds then.
  const where = useRef(place);
  where.current = place;
  const uploads = useMemo(() => new Uploads({
    upload: (file, path, onProgress, signal) => calls.upload(file, path, where.current.project, onProgress, signal),
    makeTasks: (files) => calls.send(where.current, { csv: tableOf(files) }, false),
  }), [calls]);
  const items = useStore(uploads.store, (all) => all);
  const [isOver, setOver] = useState(false);
  const [note, setNote] = useState("");
  const counts = tally(items);
  const isBusy = counts.waiting + counts.sending + counts.stored > 0;
  useEffect(() => {
    if (!isBusy) return undefined;
    const warn = (event: Event) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isBusy]);
  useEffect(() => { if (!isBusy && items.length > 0) onDone(); }, [isBusy]);
  useEffect(() => () => uploads.stop(), [uploads]);

  const add = (found: readonly FoundFile[]) => {
    const { good, others } = sorted(found, isPicture);
    setNote(others.length === 0 ? "" : `${others.length} ${others.length === 1 ? "file does not fit and was" : "files do not fit and were"} left out: ${others.slice(0, 3).map(({ path }) => path).join(", ")}${others.length > 3 ? " …" : ""}`);
    uploads.add(good);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void filesOf(event.dataTransfer).then(add, (error: unknown) => setNote(words(error)));
  };
  return (
    <div className="file-source">
      <div
        className={`drop-zone ${isOver ? "over" : ""}`} onDrop={drop} onDragLeave={() => setOver(false)}
        onDragOver={(event) => { event.preventDefault(); setOver(true); }}
      >
        <p><b>Drop files or folders here</b></p>
        <p className="faint">Each becomes a task. Large ones go on where they stopped when the line breaks, or when you choose them again.</p>
        <div className="actions">
          <FileButton name="Choose files" onChoose={add} />
          <FileButton name="Choose a folder" folder onChoose={add} />
        </div>
      </div>
      <p role="status" className="faint">{note}</p>
      {items.length > 0 && <Sums items={items} isBusy={isBusy} uploads={uploads} />}
      <UploadList items={items} onRetry={(id) => uploads.retry(id)} />
    </div>
  );
}

function Sums({ items, isBusy, uploads }: { items: readonly Upload[]; isBusy: boolean; uploads: Uploads }): ReactElement {
  const { created, exists, failed } = tally(items);
  const done = created + exists;
  const bytes = items.reduce((sum, { file }) => sum + file.size, 0), sent = items.reduce((sum, { file, share }) => sum + file.size * share, 0);
  return (
    <div className="upload-sums">
      <progress max={Math.max(1, bytes)} value={sent} aria-label="Sent" />
      <p role="status">
        <b>{done} of {items.length}</b> done{exists > 0 && `, ${exists} of them there already`}{failed > 0 && <>, <b className="failed">{failed} failed</b></>}
      </p>
      <div className="actions">
        {failed > 0 && <button onClick={() => uploads.retry()}>Try failed ones again</button>}
        {isBusy ? <button onClick={() => uploads.stop()}>Stop</button> : done > 0 && <button onClick={() => uploads.clear()}>Clear the list</button>}
      </div>
    </div>
  );
}

function FileButton({ name, folder = false, onChoose }: { name: string; folder?: boolean; onChoose: (files: readonly FoundFile[]) => void }): ReactElement {
  const field = useRef<HTMLInputElement>(null);
  // React does not know the attribute that lets people choose folders.
  useEffect(() => { if (folder) field.current?.setAttribute("webkitdirectory", ""); }, [folder]);
  return (
    <>
      <button type="button" onClick={() => field.current?.click()}>{name}</button>
      <input
        ref={field} type="file" multiple hidden aria-label={name}
        onChange={(event) => {
          const { files } = event.currentTarget;
          if (files !== null) onChoose(chosenFiles(files));
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

/** Stored files as a table, which the server puts into the form that the task type wants. */
function tableOf(files: readonly { readonly address: string; readonly path: string }[]): string {
  const quoted = (text: string) => `"${text.replaceAll("\"", "\"\"").replace(/[\r\n]+/g, " ")}"`;
  return ["attachment,metadata.filename", ...files.map(({ address, path }) => `${quoted(address)},${quoted(path)}`)].join("\n");
}
