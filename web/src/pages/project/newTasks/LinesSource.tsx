import { useRef, useState, type ReactElement } from "react";
import type { importsOf, ImportPlace } from "../../../api/imports.js";
import { sizeWords } from "../../exports/formats.js";
import { ImportResult } from "./ImportResult.js";
import { sendFile } from "./sendFile.js";
import type { ImportState } from "./useImport.js";

interface Props {
  readonly calls: ReturnType<typeof importsOf>;
  readonly place: ImportPlace;
  readonly example: string;
  readonly onDone: () => void;
}

/** Takes a file of JSON lines, of any size, or lines that are pasted. */
export function LinesSource({ calls, place, example, onDone }: Props): ReactElement {
  const [file, setFile] = useState<File | null>(null);
  const [text, setText] = useState("");
  const [state, setState] = useState<ImportState | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const isStopped = useRef(false);
  const begin = (isDry: boolean) => {
    isStopped.current = false;
    void sendFile(calls, place, file ?? new Blob([text]), isDry, () => isStopped.current, setState).then(() => { if (!isDry) onDone(); });
  };
  const isEmpty = file === null && text.trim() === "", isRunning = state?.isRunning === true;
  return (
    <div className="table-source">
      <div className="actions">
        <button type="button" onClick={() => field.current?.click()}>Choose a file</button>
        <input
          ref={field} type="file" accept=".jsonl,.ndjson,.json,.txt,application/x-ndjson" hidden aria-label="File of JSON lines"
          onChange={(event) => { setFile(event.currentTarget.files?.[0] ?? null); setState(null); }}
        />
        {file === null ? <span className="faint">or paste lines: each is what would create one task. Priority and tags stand in the lines.</span> : (
          <><span>{file.name}, {sizeWords(file.size)}</span><button type="button" className="link" onClick={() => { setFile(null); setState(null); }}>Take another one</button></>
        )}
      </div>
      {file === null && (
        <>
          <label className="hidden" htmlFor="json-lines">JSON lines</label>
          <textarea id="json-lines" rows={8} spellCheck={false} value={text} placeholder={example} onChange={(event) => { setText(event.target.value); setState(null); }} />
        </>
      )}
      <div className="actions">
        <button disabled={isEmpty || isRunning} onClick={() => begin(true)}>Try it dry</button>
        <button className="primary" disabled={isEmpty || isRunning} onClick={() => begin(false)}>Import</button>
        {isRunning && <button onClick={() => { isStopped.current = true; }}>Stop</button>}
      </div>
      {state !== null && <ImportResult state={state} />}
    </div>
  );
}
