import type { Command } from "../engine/commands.js";
import type { Editor } from "../engine/Editor.js";
import { chordsOf, commandFor, type Bindings, type Focus } from "../engine/keymap.js";
import { NO_MODIFIERS } from "../engine/Shape.js";

/** Gives a key to the command it stands for, else to the tool. Returns whether it meant anything, so that the browser leaves it alone. */
export function handleKey(event: KeyboardEvent, editor: Editor, commands: readonly Command[], bindings: Bindings): boolean {
  const target = event.target instanceof Element ? event.target : null;
  // Behind a dialog nothing hears a key, wherever the focus has fallen.
  if (document.querySelector("dialog:modal") !== null) return false;
  if (target !== null && target.closest("[role=region][tabindex]") !== null && isScrolling(event)) return false;
  // Buttons and the like keep the keys that work them, and Tab walks on from everything but the canvas. With Control these are commands.
  const worked = target !== null && target.closest("button, summary, a, [role=separator]") !== null;
  if (worked && (event.key === "Enter" || event.key === " ") && !event.ctrlKey && !event.metaKey) return false;
  if (event.key === "Tab" && !(target instanceof HTMLCanvasElement)) return false;
  // A shape in hand has Tab before anything else, whatever the person has put on it.
  if (event.key === "Tab" && !event.shiftKey && editor.input({ kind: "key", key: "Tab", ...NO_MODIFIERS })) return true;
  const typing = isTextField(target);
  const command = commandFor(commands, bindings, chordsOf(event), typing ? "answers" : focusOf(target));
  if (typing && command?.typing !== true) return false;
  if (command === null) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    return editor.input({ kind: "key", key: event.key, shift: event.shiftKey, alt: false, ctrl: false });
  }
  // Text that is marked in the page is what is meant.
  if ((command.id === "edit.copy" || command.id === "edit.cut") && window.getSelection()?.isCollapsed === false) return false;
  if (event.repeat && command.repeats !== true) return true;
  const available = command.available(editor);
  if (available === true) return command.run(editor) !== false;
  editor.tell(available);
  return true;
}

/** Whether a key moves through a text that is read, so that it must not move or remove what is drawn. */
function isScrolling({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return !ctrlKey && !metaKey && !altKey && (/^(Arrow|Page)/.test(key) || ["Home", "End", " ", "Delete", "Backspace"].includes(key));
}

function focusOf(target: Element | null): Focus {
  if (target !== null && target.closest("[data-answers]") !== null) return "answers";
  return target !== null && target.closest("[role=listbox]") !== null ? "list" : "canvas";
}

function isTextField(target: Element | null): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && target.type !== "radio" && target.type !== "checkbox";
}
