import { useState, type ReactElement } from "react";
import type { importsOf, ImportPlace } from "../../../api/imports.js";
import { ImportResult } from "./ImportResult.js";
import { listParts } from "./parts.js";
import { useImport } from "./useImport.js";

const SIZE = 250;

interface Props {
  readonly calls: ReturnType<typeof importsOf>;
  readonly place: ImportPlace;
  readonly isText: boolean;
  readonly onDone: () => void;
}

/** Takes one address a line, or one text where tasks are about texts. */
export function AddressSource({ calls, place, isText, onDone }: Props): ReactElement {
  const [text, setText] = useState("");
  const { state, run, stop, reset } = useImport((part, dry) => calls.send(place, { urls: part.text }, dry));
  const begin = (dry: boolean) => void run(listParts(text, SIZE), dry).then(() => { if (!dry) onDone(); });
  const isEmpty = text.trim() === "";
  return (
    <div className="table-source">
      <label htmlFor="addresses">{isText ? "One text a line" : "One address a line"}</label>
      <textarea id="addresses" rows={10} spellCheck={false} value={text} placeholder={isText ? "The first text\nThe second text" : "https://example.com/1.jpg\nhttps://example.com/2.jpg"} onChange={(event) => { setText(event.target.value); reset(); }} />
      <div className="actions">
        <button disabled={isEmpty || state?.isRunning === true} onClick={() => begin(true)}>Try it dry</button>
        <button className="primary" disabled={isEmpty || state?.isRunning === true} onClick={() => begin(false)}>Import</button>
        {state?.isRunning === true && <button onClick={stop}>Stop</button>}
      </div>
      {state !== null && <ImportResult state={state} />}
    </div>
  );
}
