import { useState, type ReactElement } from "react";
import { isObject, type Json } from "../model/json.js";
import { copyText } from "./copy.js";
import "./JsonTree.css";

/** So many members are shown at once; more come by a button, so that a response of any size can be opened. */
const PORTION = 100;
/** What is small enough to be read at a glance is open from the beginning. */
const OPEN_DEPTH = 2, OPEN_MEMBERS = 12;

interface Props {
  readonly value: Json;
  /** What the file is called in which it is saved. */
  readonly file: string;
  /** What it is, for assistive technology. */
  readonly name: string;
  /** The text it was read from, which is copied and saved as it is. */
  readonly text?: string;
}

/** A JSON value that can be folded, copied whole or in parts, and saved. */
export function JsonTree({ value, file, name, text }: Props): ReactElement {
  const [all, setAll] = useState<{ readonly open: boolean; readonly count: number } | null>(null);
  const [said, setSaid] = useState("");
  const whole = () => text ?? JSON.stringify(value, null, 2);
  const copy = (part: string) => void copyText(part).then((done) => setSaid(done ? "Copied." : "This browser does not let pages copy; save the file instead."));
  const fold = (open: boolean) => setAll({ open, count: (all?.count ?? 0) + 1 });
  return (
    <div className="json-part">
      <div className="json-tools">
        <button onClick={() => copy(whole())}>Copy</button>
        <button onClick={() => save(file, whole())}>Download</button>
        <button className="quiet" onClick={() => fold(true)}>Unfold</button>
        <button className="quiet" onClick={() => fold(false)}>Fold</button>
        <span className="faint" role="status">{said}</span>
      </div>
      <div className="json" role="group" aria-label={name}>
        <Node key={all?.count ?? 0} name={null} value={value} depth={0} open={all?.open ?? null} onCopy={(part) => copy(JSON.stringify(part, null, 2))} />
      </div>
    </div>
  );
}

interface NodeProps {
  readonly name: string | null;
  readonly value: Json;
  readonly depth: number;
  /** Whether everything is unfolded or folded; null where each part decides by its size. */
  readonly open: boolean | null;
  readonly onCopy: (part: Json) => void;
}

function Node({ name, value, depth, open: wanted, onCopy }: NodeProps): ReactElement {
  const members = membersOf(value);
  const [open, setOpen] = useState(depth === 0 || (wanted ?? (depth < OPEN_DEPTH && (members?.length ?? 0) <= OPEN_MEMBERS)));
  const [shown, setShown] = useState(PORTION);
  const label = name === null ? null : <><span className="json-key">{name}</span>: </>;
  if (members === null || members.length === 0) return <div className="json-line"><span className="json-gap" />{label}<Leaf value={value} /></div>;
  const marks = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const left = members.length - shown;
  return (
    <>
      <div className="json-line">
        <button className="json-fold" aria-expanded={open} aria-label={`${name ?? "everything"}, ${members.length} ${members.length === 1 ? "member" : "members"}`} onClick={() => setOpen(!open)} />
        {label}<span>{marks[0]}</span>{!open && <span className="json-count">{members.length} {marks[1]}</span>}
        {depth > 0 && <button className="json-copy" aria-label={`Copy ${name ?? "this part"}`} onClick={() => onCopy(value)}>Copy</button>}
      </div>
      {open && (
        <ul>
          {members.slice(0, shown).map(([key, member]) => <li key={key}><Node name={key} value={member} depth={depth + 1} open={wanted} onCopy={onCopy} /></li>)}
          {left > 0 && <li><button className="json-more" onClick={() => setShown(shown + 10 * PORTION)}>{left.toLocaleString()} more</button></li>}
        </ul>
      )}
    </>
  );
}

function Leaf({ value }: { value: Json }): ReactElement {
  if (typeof value === "string") return <span className="json-text">{JSON.stringify(value)}</span>;
  if (typeof value === "number") return <span className="json-number">{String(value)}</span>;
  return <span className="json-word">{JSON.stringify(value)}</span>;
}

function membersOf(value: Json): readonly (readonly [string, Json])[] | null {
  if (Array.isArray(value)) return (value as readonly Json[]).map((member, i) => [String(i), member] as const);
  return isObject(value) ? Object.entries(value) : null;
}

/** Hands a text to the browser as a file. */
export function save(file: string, text: string, kind = "application/json"): void {
  const url = URL.createObjectURL(new Blob([text], { type: kind }));
  const link = document.createElement("a");
  link.href = url;
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
