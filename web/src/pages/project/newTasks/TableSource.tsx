import { useEffect, useRef, useState, type ReactElement } from "react";
import type { ImportColumn, importsOf, ImportPlace } from "../../../api/imports.js";
import { ColumnList } from "./ColumnList.js";
import { ImportResult } from "./ImportResult.js";
import { tableParts } from "./parts.js";
import { useImport } from "./useImport.js";

/** Lines sent by one call: few enough that a progress is seen, many enough that it is quick. */
const SIZE = 250;

interface Props {
  readonly calls: ReturnType<typeof importsOf>;
  readonly place: ImportPlace;
  readonly onDone: () => void;
}

/** Takes a table, asks what its columns are for, tries it dry, and imports it. */
export function TableSource({ calls, place, onDone }: Props): ReactElement {
  const [text, setText] = useState("");
  const [columns, setColumns] = useState<{ readonly [name: string]: string } | null>(null);
  const [known, setKnown] = useState<readonly ImportColumn[]>([]);
  const field = useRef<HTMLInputElement>(null);
  const { state, run, stop, reset } = useImport((part, dry) => calls.send(place, { csv: part.text, ...(columns === null ? {} : { columns }) }, dry));
  useEffect(() => { if (state?.columns != null) setKnown(state.columns); }, [state?.columns]);
  const take = (next: string) => {
    setText(next);
    setColumns(null);
    setKnown([]);
    reset();
  };
  const begin = (dry: boolean) => void run(tableParts(text, SIZE), dry).then(() => { if (!dry) onDone(); });
  const isEmpty = text.trim() === "";
  return (
    <div className="table-source">
      <div className="actions">
        <button type="button" onClick={() => field.current?.click()}>Choose a CSV file</button>
        <input ref={field} type="file" accept=".csv,.tsv,.txt,text/csv,text/plain" hidden aria-label="CSV file" onChange={(event) => void event.currentTarget.files?.[0]?.text().then(take)} />
        <span className="faint">or paste it. The first line names the columns.</span>
      </div>
      <label className="hidden" htmlFor="table-text">Table</label>
      <textarea id="table-text" rows={8} spellCheck={false} value={text} placeholder={"url,id,site\nhttps://example.com/1.jpg,cam-1-0001,north"} onChange={(event) => take(event.target.value)} />
      {known.length > 0 && <ColumnList columns={known} chosen={columns} onChoose={(next) => { setColumns(next); reset(); }} />}
      <div className="actions">
        <button disabled={isEmpty || state?.isRunning === true} onClick={() => begin(true)}>Try it dry</button>
        <button className="primary" disabled={isEmpty || state?.isRunning === true} onClick={() => begin(false)}>Import</button>
        {state?.isRunning === true && <button onClick={stop}>Stop</button>}
      </div>
      {state !== null && <ImportResult state={state} />}
    </div>
  );
}
