import { lazy, Suspense, useContext, type ReactElement } from "react";
import { instructionParts, isAllowed } from "../model/embeds.js";
import { InstructionFrames } from "./InstructionFrames.js";
import { remembered, remember } from "./preferences.js";
import "./Instruction.css";

// Loaded apart, so that the picture does not wait for the Markdown parser.
const Markdown = lazy(() => import("./Markdown.js").then((module) => ({ default: module.Markdown })));

/** The task's instruction, which can be folded away; whether it is, is remembered. */
export function Instruction({ text }: { text: string }): ReactElement | null {
  if (text.trim() === "") return null;
  return (
    <details className="instruction" open={remembered("instruction", "open") === "open"} onToggle={(event) => remember("instruction", event.currentTarget.open ? "open" : "folded")}>
      <summary>Instruction</summary>
      <InstructionText text={text} />
    </details>
  );
}

/** An instruction as people read it. */
export function InstructionText({ text }: { text: string }): ReactElement {
  return (
    <div className="prose" tabIndex={0} role="region" aria-label="Instruction text">
      {instructionParts(text).map((part, i) => ("page" in part ? <Page key={i} address={part.page} />
        : <Suspense key={i} fallback={<p className="plain">{part.text}</p>}><Markdown text={part.text} /></Suspense>))}
    </div>
  );
}

/** A page inside the instruction where the server's policy allows its origin, and always a link to it. */
function Page({ address }: { address: string }): ReactElement {
  const origins = useContext(InstructionFrames);
  return (
    <>
      {isAllowed(address, origins) && <iframe className="instruction-page" src={address} title="Instruction document" sandbox="allow-scripts allow-same-origin allow-popups" referrerPolicy="no-referrer" loading="lazy" />}
      <p><a href={address} target="_blank" rel="noopener noreferrer">Open the document in a tab of its own</a></p>
    </>
  );
}
