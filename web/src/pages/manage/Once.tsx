import { useState, type ReactElement } from "react";

interface Props {
  readonly name: string;
  readonly text: string;
  readonly note: string;
  readonly onDone: () => void;
}

/** A secret that is shown this once, with a way to copy it. */
export function Once({ name, text, note, onDone }: Props): ReactElement {
  const [copied, setCopied] = useState(false);
  // Pages that do not come by https have no clipboard; then the field is there to copy from by hand.
  const copy = () => void navigator.clipboard?.writeText(text).then(() => setCopied(true), () => setCopied(false));
  return (
    <section className="card once" aria-label={name}>
      <p>{note}</p>
      <div className="once-line">
        <input readOnly aria-label={name} value={text} onFocus={(event) => event.currentTarget.select()} />
        <button onClick={copy}>{copied ? "Copied" : "Copy"}</button>
        <button onClick={onDone}>Done</button>
      </div>
    </section>
  );
}
