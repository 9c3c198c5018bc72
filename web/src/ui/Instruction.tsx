import { useEffect, useState, type ReactElement } from "react";
import { remembered, remember } from "./preferences.js";

/** The task's instruction, which is Markdown from outside: rendered without scripts, frames, forms or styles of its own. */
export function Instruction({ text }: { text: string }): ReactElement | null {
  const [html, setHtml] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    void import("./markdown.js").then(({ renderMarkdown }) => { if (current) setHtml(renderMarkdown(text)); });
    return () => { current = false; };
  }, [text]);
  if (text.trim() === "") return null;
  return (
    <details className="instruction" open={remembered("instruction", "open") === "open"} onToggle={(event) => remember("instruction", event.currentTarget.open ? "open" : "folded")}>
      <summary>Instruction</summary>
      {html === null ? <div className="prose plain" tabIndex={0} role="region" aria-label="Instruction text">{text}</div>
        : <div className="prose" tabIndex={0} role="region" aria-label="Instruction text" dangerouslySetInnerHTML={{ __html: html }} />}
    </details>
  );
}
