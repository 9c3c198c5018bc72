import { useEffect, useRef, type RefObject } from "react";
import type { Editor } from "../engine/Editor.js";
import type { Journal } from "../engine/journal.js";
import { handleKey } from "../ui/keys.js";
import type { Keymap } from "../ui/Keymap.js";
import { openSeam } from "./seam.js";

const HEARTBEAT = 60_000;

interface Page {
  readonly editor: Editor;
  readonly journal: Journal;
  readonly user: string;
  readonly canvas: RefObject<HTMLCanvasElement>;
  readonly keymap: Keymap;
}

/** What a page with an editor does while it is open: hears keys, keeps the hold on the work and goes on sending when the network is back. */
export function useEditorPage({ editor, journal, user, canvas, keymap }: Page): void {
  const latest = useRef(keymap);
  latest.current = keymap;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && !event.isComposing && handleKey(event, editor, latest.current.commands, latest.current.bindings)) event.preventDefault();
    };
    const onFocus = () => void editor.heartbeat();
    const onOnline = () => editor.resume();
    const timer = setInterval(onFocus, HEARTBEAT);
    window.addEventListener("keydown", onKey);
    window.addEventListener("focus", onFocus);
    window.addEventListener("online", onOnline);
    const closeSeam = openSeam(editor, journal, user, canvas);
    return () => {
      clearInterval(timer);
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("focus", onFocus);
      window.removeEventListener("online", onOnline);
      closeSeam();
      editor.close();
    };
  }, [editor]);

  useEffect(() => {
    // Only where this browser keeps nothing would leaving lose what was not sent.
    const warn = (event: BeforeUnloadEvent) => {
      const { kept, waiting } = editor.state.get().sync;
      if (!kept && waiting > 0) event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [editor]);
}
