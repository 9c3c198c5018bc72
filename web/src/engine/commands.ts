import type { Editor } from "./Editor.js";
import type { Chord } from "./keymap.js";
import type { Tool } from "./Tool.js";

export type CommandGroup = "Tools" | "Edit" | "View" | "Labels" | "Objects" | "Task" | "Panels";

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
const NUDGES: readonly (readonly [name: string, key: string])[] = [["left", "Left"], ["right", "Right"], ["up", "Up"], ["down", "Down"]];
const LABELS = 10;

/** Everything that can be done with the editor alone; pages add what needs them. */
export function editorCommands(tools: readonly Tool[]): readonly Command[] {
  return [...tools.map(toolCommand), ...EDIT, ...NUDGE, ...LABEL, ...VIEW];
}

export const always = (): true => true;

/** Gives a key to the tool by its meaning. */
function tellTool(key: string, shift = false): Command["run"] {
  return (editor) => editor.input({ kind: "key", key, shift, alt: false, ctrl: false });
}

function toolCommand({ id, name, key, draws }: Tool): Command {
  return {
    id: `tool.${id}`, name, group: "Tools", keys: [key], scope: "work",
    available: (editor) => (editor.tools.some((tool) => tool.id === id) ? true : draws === null ? "This task has no use for it." : `This task does not ask for a ${name.toLocaleLowerCase()}.`),
    run: (editor) => editor.setTool(id),
  };
}

const EDIT: readonly Command[] = [
  { id: "tool.repeat", name: "Draw again with the last label and tool", group: "Tools", keys: ["N"], scope: "work", available: always, run: (editor) => editor.repeat() },
  { id: "edit.undo", name: "Undo", group: "Edit", keys: ["Ctrl+Z"], scope: "work", repeats: true, available: (editor) => editor.state.get().canUndo || editor.preview.get() !== null || "There is nothing to undo.", run: (editor) => void editor.undo() },
  { id: "edit.redo", name: "Redo", group: "Edit", keys: ["Ctrl+Shift+Z", "Ctrl+Y"], scope: "work", repeats: true, available: (editor) => editor.state.get().canRedo || "There is nothing to redo.", run: (editor) => void editor.redo() },
  { id: "edit.leave", name: "Leave one level", group: "Edit", keys: ["Esc"], scope: "canvas", available: always, run: (editor) => { editor.input({ kind: "cancel" }); } },
  { id: "edit.finish", name: "Finish the shape in hand", group: "Edit", keys: ["Enter"], scope: "canvas", available: always, run: tellTool("Enter") },
  { id: "edit.remove", name: "Remove the objects, or the vertex in hand", group: "Edit", keys: ["Del", "Backspace"], scope: "canvas", repeats: true, available: always, run: tellTool("Delete") },
];

const NUDGE: readonly Command[] = NUDGES.flatMap(([direction, key]) => [
  { id: `object.${direction}`, name: `Nudge ${direction} by 1 px`, group: "Objects", keys: [key], scope: "canvas", repeats: true, available: always, run: tellTool(`Arrow${key}`) },
  { id: `object.${direction}.far`, name: `Nudge ${direction} by 10 px`, group: "Objects", keys: [`Shift+${key}`], scope: "canvas", repeats: true, available: always, run: tellTool(`Arrow${key}`, true) },
]);

const LABEL: readonly Command[] = Array.from({ length: LABELS }, (_, i) => ({
  id: `label.${i + 1}`, name: `Label ${i + 1}`, group: "Labels", keys: [String((i + 1) % 10)], scope: "canvas",
  available: (editor) => (i < editor.labels.length ? true : `This task has ${editor.labels.length} ${editor.labels.length === 1 ? "label" : "labels"} only.`),
  run: (editor) => editor.pickLabel(editor.labels[i].choice),
}));

const VIEW: readonly Command[] = [
  { id: "view.fit", name: "Fit the picture", group: "View", keys: ["Shift+1"], scope: "work", available: always, run: (editor) => editor.fit() },
  { id: "view.actual", name: "One to one", group: "View", keys: ["Shift+2"], scope: "work", available: always, run: (editor) => editor.zoom(1 / editor.view.get().scale) },
  { id: "view.in", name: "Zoom in", group: "View", keys: ["+", "="], scope: "work", repeats: true, available: always, run: (editor) => editor.zoom(STEP) },
  { id: "view.out", name: "Zoom out", group: "View", keys: ["-"], scope: "work", repeats: true, available: always, run: (editor) => editor.zoom(1 / STEP) },
];
