import type { ReactElement } from "react";
import { InstructionText } from "../../ui/Instruction.js";

/** An instruction in Markdown and, beside it, what people will read. */
export function InstructionEditor({ text, disabled = false, onChange }: { text: string; disabled?: boolean; onChange: (text: string) => void }): ReactElement {
  return (
    <div className="instruction-editor">
      <label>Instruction (Markdown)
        <textarea value={text} disabled={disabled} spellCheck placeholder={"What is to be labelled, what is not, and what to do when in doubt.\n\n- Draw a **box** around every car.\n- Leave out cars of which less than a tenth is seen."} onChange={(event) => onChange(event.target.value)} />
      </label>
      <div>
        <span id="instruction-preview">As people read it</span>
        <div className="preview" role="region" aria-labelledby="instruction-preview" tabIndex={0}>
          {text.trim() === "" ? <p className="empty">There is no instruction yet.</p> : <InstructionText text={text} />}
        </div>
      </div>
    </div>
  );
}
