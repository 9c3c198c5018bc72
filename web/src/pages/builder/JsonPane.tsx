import { useEffect, useRef, useState, type ReactElement } from "react";
import { isObject, type Json, type JsonObject } from "../../model/json.js";
import type { Edit } from "./edit.js";

/** The same parameters as text. What is typed counts as soon as it is JSON again; members that the builder does not know stay as they are. */
export function JsonPane({ params, edit, disabled = false }: { params: JsonObject; edit: Edit; disabled?: boolean }): ReactElement {
  const [text, setText] = useState(() => written(params));
  const [fault, setFault] = useState("");
  /** What the text amounts to, so that one's own typing is not laid out anew under one's hands. */
  const said = useRef(written(params));
  useEffect(() => {
    const next = written(params);
    if (next === said.current) return;
    said.current = next;
    setText(next);
    setFault("");
  }, [params]);
  const type = (next: string) => {
    setText(next);
    const { value, message } = parsed(next);
    setFault(message);
    if (value === null) return;
    said.current = written(value);
    edit(() => value, "json");
  };
  return (
    <div className="json-pane">
      <label className="hidden" htmlFor="params-json">Parameters as JSON</label>
      <textarea id="params-json" className="json" spellCheck={false} autoComplete="off" wrap="off" readOnly={disabled} value={text} aria-invalid={fault !== ""} aria-describedby="params-json-fault" onChange={(event) => type(event.target.value)} />
      <p id="params-json-fault" className="fault" role="status">{fault}</p>
    </div>
  );
}

function written(params: JsonObject): string {
  return JSON.stringify(params, null, 2);
}

/** The object that a text says, or what is wrong with it and where. */
export function parsed(text: string): { readonly value: JsonObject | null; readonly message: string } {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? { value, message: "" } : { value: null, message: "This must be an object, in braces." };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = Number(/position (\d+)/.exec(message)?.[1] ?? NaN);
    const place = Number.isFinite(position) ? lineOf(text, position) : "";
    return { value: null, message: `This is not JSON yet${place}. The builder keeps what was right last.` };
  }
}

function lineOf(text: string, position: number): string {
  const before = text.slice(0, position).split("\n");
  return `: look at line ${before.length}, column ${before[before.length - 1].length + 1}`;
}
