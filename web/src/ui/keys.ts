import type { Editor } from "../engine/Editor.js";

export interface KeyActions {
  readonly submit: () => void;
  readonly showKeys: () => void;
  readonly focusSearch: () => void;
  readonly focusCanvas: () => void;
  /** Returns whether there is a question to go to. */
  readonly focusAnswers: () => boolean;
  readonly toggleInstruction: () => void;
}

const STEP = 1.25;

/** Gives a key to what it means in the editor. Returns whether it meant anything, so that the browser leaves it alone. */
export function handleKey(event: KeyboardEvent, editor: Editor, actions: KeyActions): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("dialog") !== null && target !== null) return false;
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key === "Enter") return done(actions.submit);
  if (isTextField(target)) return event.key === "Escape" ? done(actions.focusCanvas) : false;
  if (command) {
    const key = event.key.toLowerCase();
    if (key === "z") return done(() => void (event.shiftKey ? editor.redo() : editor.undo()));
    if (key === "y") return done(() => void editor.redo());
    return false;
  }
  if (event.altKey) return false;
  const inPanel = target?.closest("[data-answers]") !== null && target !== null;
  if (event.key === "Escape") return done(() => { if (inPanel) actions.focusCanvas(); else editor.input({ kind: "cancel" }); });
  // Buttons and lists keep the keys that work them.
  if (target?.closest("button, summary, a, [role=separator]") !== null && target !== null && (event.key === "Enter" || event.key === " ")) return false;
  if (event.key === "Tab") return target instanceof HTMLCanvasElement && !event.shiftKey && actions.focusAnswers();
  if (event.shiftKey && event.code === "Digit1") return done(() => editor.fit());
  if (event.shiftKey && event.code === "Digit2") return done(() => editor.zoom(1 / editor.view.get().scale));
  if (event.key === "?") return done(actions.showKeys);
  if (event.key === "/") return done(actions.focusSearch);
  if (event.key === "+" || event.key === "=") return done(() => editor.zoom(STEP));
  if (event.key === "-") return done(() => editor.zoom(1 / STEP));
  if (/^[1-9]$/.test(event.key)) {
    const label = editor.labels[Number(event.key) - 1];
    return label === undefined ? false : done(() => editor.pickLabel(label.choice));
  }
  if (!event.shiftKey) {
    const tool = editor.tools.find(({ key }) => key === event.key.toUpperCase());
    if (tool !== undefined) return done(() => editor.setTool(tool.id));
    if (event.key === "n") return done(() => editor.repeat());
    if (event.key === "i") return done(actions.toggleInstruction);
  }
  return editor.input({ kind: "key", key: event.key, shift: event.shiftKey, alt: event.altKey, ctrl: event.ctrlKey || event.metaKey });
}

function isTextField(target: Element | null): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && target.type !== "radio" && target.type !== "checkbox";
}

function done(action: () => void): true {
  action();
  return true;
}
