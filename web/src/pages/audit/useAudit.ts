import { useCallback, useRef, useState } from "react";
import type { VerdictBody } from "../../api/audits.js";
import type { Editor } from "../../engine/Editor.js";
import { NO_USES, type Uses } from "../../ui/AuditBar.js";
import { errorsIn, refusal } from "../submission.js";
import { LOOKING, type Audit } from "./session.js";

export interface Auditing {
  readonly fixing: boolean;
  readonly fix: (on: boolean) => void;
  readonly uses: Uses;
  readonly setUses: (uses: Uses) => void;
  /** Gives the verdict; resolves to what kept it from being given, in words, or null. */
  readonly decide: (verdict: VerdictBody) => Promise<string | null>;
}

/** What a person does who gives a verdict: looks, fixes, decides. */
export function useAudit(editor: Editor, audit: Audit | null, onBusy: (busy: boolean) => void, onDone: (said: string) => void): Auditing {
  const [fixing, setFixing] = useState(false);
  const [uses, setUses] = useState(NO_USES);
  const began = useRef(Date.now());
  const fix = useCallback((on: boolean) => {
    setFixing(on);
    if (on) return editor.keepOut(null);
    // What was drawn for a fix that is not made is not what the verdict is about.
    void takeBack(editor).then(() => editor.keepOut(LOOKING));
  }, [editor]);
  const decide = async (verdict: VerdictBody): Promise<string | null> => {
    if (audit === null) return null;
    if (verdict.result === "fixed") {
      await editor.quiet();
      const faults = errorsIn(editor.check());
      if (faults.length > 0) return refusal(faults.length);
    }
    audit.verdict.current = {
      ...verdict, seconds: Math.round((Date.now() - began.current) / 1000),
      ...(uses.as.length > 0 ? { use_as: uses.as } : {}), ...(uses.as.includes("example") && uses.note !== "" ? { note: uses.note } : {}),
    };
    onBusy(true);
    const result = await editor.submit();
    onBusy(false);
    if (!result.done) return result.issues.length > 0 ? result.issues[0].message : result.message;
    onDone("");
    return null;
  };
  return { fixing, fix, uses, setUses, decide };
}

async function takeBack(editor: Editor): Promise<void> {
  await editor.quiet();
  while (editor.state.get().canUndo && await editor.undo());
}
