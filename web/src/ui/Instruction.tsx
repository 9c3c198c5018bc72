import { lazy, Suspense, type ReactElement } from "react";
import { remembered, remember } from "./preferences.js";

// Loaded apart, so that the picture does not wait for the Markdown parser.
const Markdown = lazy(() => import("./Markdown.js").then((module) => ({ default: module.Markdown })));

/** The task's instruction, which can be folded away; whether it is, is remembered. */
export function Instruction({ text }: { text: string }): ReactElement | null {
  if (text.trim() === "") return null;
  return (
    <details className="instruction" open={remembered("instruction", "open") === "open"} onToggle={(event) => remember("instruction", event.currentTarget.open ? "open" : "folded")}>
      <summary>Instruction</summary>
      <div className="prose" tabIndex={0} role="region" aria-label="Instruction text">
        <Suspense fallback={<p className="plain">{text}</p>}><Markdown text={text} /></Suspense>
      </div>
    </details>
  );
}
