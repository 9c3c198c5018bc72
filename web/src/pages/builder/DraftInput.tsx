import { useEffect, useId, useState, type ReactElement } from "react";

interface Props {
  readonly label: string;
  readonly value: string;
  /** The label is told, not shown. */
  readonly quiet?: boolean;
  readonly placeholder?: string;
  readonly numeric?: boolean;
  /** Several lines, which Enter does not end. */
  readonly long?: boolean;
  readonly autoFocus?: boolean;
  /** Why a text cannot be taken, in words; null where it can. */
  readonly refuse?: (text: string) => string | null;
  readonly onCommit: (text: string) => void;
}

/** A text that counts when its field is left or Enter is pressed; Escape takes it back. */
export function DraftInput({ label, value, quiet = false, placeholder = "", numeric = false, long = false, autoFocus = false, refuse, onCommit }: Props): ReactElement {
  const [text, setText] = useState(value);
  const [fault, setFault] = useState("");
  const id = useId();
  useEffect(() => { setText(value); setFault(""); }, [value]);
  const commit = () => {
    const next = text.trim();
    if (next === value) { setText(value); return setFault(""); }
    const refusal = refuse?.(next) ?? null;
    setFault(refusal ?? "");
    if (refusal === null) onCommit(next);
    return undefined;
  };
  const shared = {
    id, value: text, placeholder, autoFocus, onBlur: commit, "aria-invalid": fault !== "", ...(fault === "" ? {} : { "aria-describedby": `${id}-fault` }),
    onChange: (event: { target: { value: string } }) => setText(event.target.value),
  };
  return (
    <span className="draft-input">
      <label htmlFor={id} className={quiet ? "hidden" : ""}>{label}</label>
      {long ? <textarea rows={2} {...shared} /> : (
        <input
          {...shared} {...(numeric ? { inputMode: "decimal" as const } : {})} size={1} spellCheck={false} autoComplete="off"
          onKeyDown={(event) => {
            if (event.key === "Enter") { event.preventDefault(); commit(); }
            if (event.key === "Escape") { setText(value); setFault(""); }
          }}
        />
      )}
      {fault !== "" && <span className="fault" id={`${id}-fault`} role="alert">{fault}</span>}
    </span>
  );
}

/** A number that may be left out. */
export function NumberInput({ label, value, onCommit, least }: { label: string; value: number | null; onCommit: (value: number | null) => void; least?: number }): ReactElement {
  const refuse = (text: string) => {
    const number = Number(text);
    if (text !== "" && !Number.isFinite(number)) return "This is no number.";
    return text !== "" && least !== undefined && number < least ? `At least ${least}.` : null;
  };
  return <DraftInput label={label} value={value === null ? "" : String(value)} numeric placeholder="none" refuse={refuse} onCommit={(text) => onCommit(text === "" ? null : Number(text))} />;
}
