import { align, clearTrait, distribute, hasFree, hideOthers, selectAll, someHave, stack, toggleTrait, walk } from "./acts.js";
import { copy, cut, duplicate, paste } from "./copying.js";
import type { Editor } from "./Editor.js";
import { HAND_COMMANDS } from "./hand/commands.js";
import type { Chord } from "./keymap.js";
import { NO_MODIFIERS } from "./Shape.js";
import type { Tool } from "./Tool.js";

export type CommandGroup = "Tools" | "Edit" | "View" | "Labels" | "Objects" | "Task" | "Review" | "Panels";

/** Where the keys of a command work: "work" everywhere in the editor, the others where the keyboard is. */
export type Scope = "work" | "canvas" | "answers" | "list";

/** Something a person can do, for the keys, the palette and the sheet alike. */
export interface Command {
  readonly id: string;
  readonly name: string;
  readonly group: CommandGroup;
  /** The chords that it has where nothing else was chosen. */
  readonly keys: readonly Chord[];
  readonly scope: Scope;
  /** Its keys work while a text is typed, too. */
  readonly typing?: true;
  /** Holding the key down does it again and again. */
  readonly repeats?: true;
  /** True, or why not, in words. */
  available(editor: Editor): true | string;
  /** Does it. False when it meant nothing after all, so that the key stays with the browser. */
  run(editor: Editor): boolean | void;
}

const STEP = 1.25;
const LABELS = 10;

/** Everything that can be done with the editor alone; pages add what needs them. */
export function editorCommands(tools: readonly Tool[]): readonly Command[] {
  return [...tools.map(toolCommand), ...EDIT, ...NUDGE, ...OBJECTS, ...ARRANGE, ...HAND_COMMANDS, ...LABEL, ...VIEW];
}

/** Whether a tool is at work that may have something to take back itself. */
function drawing(editor: Editor): boolean {
  const { tool } = editor.state.get();
  return editor.preview.get() !== null || editor.tools.find(({ id }) => id === tool)?.kept !== undefined;
}

export const always = (): true => true;
const chosen = (least: number) => (editor: Editor): true | string => hasFree(editor, least);
const anySelected = (editor: Editor): true | string => editor.state.get().selection.length > 0 || "Select an object first.";
const anyObject = (editor: Editor): true | string => editor.state.get().items.list.length > 0 || "Nothing is drawn yet.";

/** Gives a key to the tool by its meaning. */
function tellTool(key: string, shift = false): Command["run"] {
  return (editor) => editor.input({ ...NO_MODIFIERS, kind: "key", key, shift });
}

function toolCommand({ id, name, key, draws }: Tool): Command {
  return {
    id: `tool.${id}`, name, group: "Tools", keys: key === "" ? [] : [key], scope: "work",
    available: (editor) => (editor.tools.some((tool) => tool.id === id) ? true : draws === null ? "This task has no use for it." : `This task does not ask for ${name.toLocaleLowerCase()} shapes.`),
    run: (editor) => editor.setTool(id),
  };
}

const EDIT: readonly Command[] = [
  { id: "tool.repeat", name: "Finish the shape in hand, or draw again with the last label and tool", group: "Tools", keys: ["N"], scope: "work", available: always, run: (editor) => editor.repeat() },
  { id: "edit.undo", name: "Undo", group: "Edit", keys: ["Ctrl+Z"], scope: "work", repeats: true, available: (editor) => editor.state.get().canUndo || drawing(editor) || "There is nothing to undo.", run: (editor) => void editor.undo() },
  { id: "edit.redo", name: "Redo", group: "Edit", keys: ["Ctrl+Shift+Z", "Ctrl+Y"], scope: "work", repeats: true, available: (editor) => editor.state.get().canRedo || "There is nothing to redo.", run: (editor) => void editor.redo() },
  { id: "edit.leave", name: "Leave one level: the shape in hand, the tool, the selection", group: "Edit", keys: ["Esc"], scope: "canvas", available: always, run: (editor) => { editor.input({ kind: "cancel" }); } },
  { id: "edit.finish", name: "Finish the shape in hand", group: "Edit", keys: ["Enter"], scope: "canvas", available: always, run: tellTool("Enter") },
  { id: "edit.remove", name: "Remove the selection, or the vertex in hand", group: "Edit", keys: ["Del"], scope: "canvas", repeats: true, available: always, run: tellTool("Delete") },
  { id: "edit.back", name: "Take the last vertex in hand back, or remove the selection", group: "Edit", keys: ["Backspace"], scope: "canvas", repeats: true, available: always, run: tellTool("Backspace") },
  { id: "edit.copy", name: "Copy", group: "Edit", keys: ["Ctrl+C"], scope: "canvas", available: anySelected, run: copy },
  { id: "edit.cut", name: "Cut", group: "Edit", keys: ["Ctrl+X"], scope: "canvas", available: anySelected, run: cut },
  { id: "edit.paste", name: "Paste", group: "Edit", keys: ["Ctrl+V"], scope: "canvas", repeats: true, available: always, run: (editor) => void paste(editor, "beside") },
  { id: "edit.pasteHere", name: "Paste at the pointer", group: "Edit", keys: ["Ctrl+Shift+V"], scope: "canvas", available: always, run: (editor) => void paste(editor, "pointer") },
  { id: "edit.duplicate", name: "Duplicate", group: "Edit", keys: ["Ctrl+D"], scope: "canvas", repeats: true, available: anySelected, run: (editor) => void duplicate(editor) },
  { id: "edit.all", name: "Select all", group: "Edit", keys: ["Ctrl+A"], scope: "canvas", available: anyObject, run: selectAll },
  { id: "edit.none", name: "Select nothing", group: "Edit", keys: ["Ctrl+Shift+A"], scope: "canvas", available: anySelected, run: (editor) => editor.select(null) },
];

const NUDGE: readonly Command[] = ["Left", "Right", "Up", "Down"].flatMap((key): Command[] => [
  { id: `object.${key.toLowerCase()}`, name: `Nudge ${key.toLowerCase()} by 1 px`, group: "Objects", keys: [key], scope: "canvas", repeats: true, available: always, run: tellTool(`Arrow${key}`) },
  { id: `object.${key.toLowerCase()}.far`, name: `Nudge ${key.toLowerCase()} by 10 px`, group: "Objects", keys: [`Shift+${key}`], scope: "canvas", repeats: true, available: always, run: tellTool(`Arrow${key}`, true) },
]);

const OBJECTS: readonly Command[] = [
  { id: "object.next", name: "Next object", group: "Objects", keys: ["Alt+."], scope: "canvas", repeats: true, available: anyObject, run: (editor) => walk(editor, 1) },
  { id: "object.previous", name: "Previous object", group: "Objects", keys: ["Alt+,"], scope: "canvas", repeats: true, available: anyObject, run: (editor) => walk(editor, -1) },
  { id: "object.hide", name: "Hide or show the selection", group: "Objects", keys: ["H"], scope: "work", available: anySelected, run: (editor) => toggleTrait(editor, "hidden") },
  { id: "object.hideOthers", name: "Hide or show all others", group: "Objects", keys: ["Alt+H"], scope: "work", available: anySelected, run: hideOthers },
  { id: "object.showAll", name: "Show all objects", group: "Objects", keys: ["Shift+H"], scope: "work", available: (editor) => someHave(editor, "hidden") || "Nothing is hidden.", run: (editor) => clearTrait(editor, "hidden") },
  { id: "object.lock", name: "Lock or unlock the selection", group: "Objects", keys: ["Shift+L"], scope: "work", available: anySelected, run: (editor) => toggleTrait(editor, "locked") },
  { id: "object.unlockAll", name: "Unlock all objects", group: "Objects", keys: ["Alt+L"], scope: "work", available: (editor) => someHave(editor, "locked") || "Nothing is locked.", run: (editor) => clearTrait(editor, "locked") },
];

const ARRANGE: readonly Command[] = [
  { id: "object.front", name: "Bring to the front", group: "Objects", keys: ["Alt+PageUp"], scope: "canvas", available: chosen(1), run: (editor) => stack(editor, "front") },
  { id: "object.forward", name: "Bring forward", group: "Objects", keys: ["PageUp"], scope: "canvas", repeats: true, available: chosen(1), run: (editor) => stack(editor, "forward") },
  { id: "object.backward", name: "Send backward", group: "Objects", keys: ["PageDown"], scope: "canvas", repeats: true, available: chosen(1), run: (editor) => stack(editor, "backward") },
  { id: "object.back", name: "Send to the back", group: "Objects", keys: ["Alt+PageDown"], scope: "canvas", available: chosen(1), run: (editor) => stack(editor, "back") },
  { id: "object.alignLeft", name: "Align left sides", group: "Objects", keys: ["Alt+Left"], scope: "canvas", available: chosen(2), run: (editor) => align(editor, "left") },
  { id: "object.alignCentre", name: "Align centres across", group: "Objects", keys: ["Alt+C"], scope: "canvas", available: chosen(2), run: (editor) => align(editor, "centre") },
  { id: "object.alignRight", name: "Align right sides", group: "Objects", keys: ["Alt+Right"], scope: "canvas", available: chosen(2), run: (editor) => align(editor, "right") },
  { id: "object.alignTop", name: "Align top sides", group: "Objects", keys: ["Alt+Up"], scope: "canvas", available: chosen(2), run: (editor) => align(editor, "top") },
  { id: "object.alignMiddle", name: "Align middles down", group: "Objects", keys: ["Alt+M"], scope: "canvas", available: chosen(2), run: (editor) => align(editor, "middle") },
  { id: "object.alignBottom", name: "Align bottom sides", group: "Objects", keys: ["Alt+Down"], scope: "canvas", available: chosen(2), run: (editor) => align(editor, "bottom") },
  { id: "object.spreadAcross", name: "Spread evenly across", group: "Objects", keys: ["Alt+Shift+Right"], scope: "canvas", available: chosen(3), run: (editor) => distribute(editor, "across") },
  { id: "object.spreadDown", name: "Spread evenly down", group: "Objects", keys: ["Alt+Shift+Down"], scope: "canvas", available: chosen(3), run: (editor) => distribute(editor, "down") },
];

const LABEL: readonly Command[] = Array.from({ length: LABELS }, (_, i) => ({
  id: `label.${i + 1}`, name: `Label ${i + 1}`, group: "Labels", keys: [String((i + 1) % 10)], scope: "canvas",
  available: (editor) => (i < editor.labels.length ? true : `This task has ${editor.labels.length} ${editor.labels.length === 1 ? "label" : "labels"} only.`),
  run: (editor) => editor.pickLabel(editor.labels[i].choice),
}));

const VIEW: readonly Command[] = [
  { id: "view.fit", name: "Fit the picture", group: "View", keys: ["Shift+1"], scope: "work", available: always, run: (editor) => editor.fit() },
  { id: "view.actual", name: "One to one", group: "View", keys: ["Shift+2"], scope: "work", available: always, run: (editor) => editor.zoom(1 / editor.view.get().scale) },
  { id: "view.selection", name: "Zoom to the selection", group: "View", keys: ["Shift+3"], scope: "work", available: anySelected, run: (editor) => editor.fitSelection() },
  { id: "view.in", name: "Zoom in", group: "View", keys: ["+", "="], scope: "work", repeats: true, available: always, run: (editor) => editor.zoom(STEP) },
  { id: "view.out", name: "Zoom out", group: "View", keys: ["-"], scope: "work", repeats: true, available: always, run: (editor) => editor.zoom(1 / STEP) },
];
