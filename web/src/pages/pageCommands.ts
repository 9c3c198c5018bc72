import { always, type Command } from "../engine/commands.js";
import type { Editor } from "../engine/Editor.js";
import { preferences } from "../engine/preferences.js";
import { changePreferences } from "../ui/preferences.js";

/** The dialogs that a person can open over the work. */
export type Opened = "palette" | "keys" | "look" | "key-settings" | "skip" | "report" | "release" | "send-back" | "rejected" | "commented" | "fixed";

/** What the panel on the right can show. */
export type PanelTab = "objects" | "checks" | "comments" | "differences";

/** What the page does for its commands. */
export interface PageActions {
  submit(): void;
  /** Sends a review back, with what is wrong. */
  sendBack(): void;
  open(dialog: Opened): void;
  leave(): void;
  focusSearch(): void;
  focusCanvas(): void;
  /** Returns whether there is a question to go to. */
  focusAnswers(): boolean;
  focusList(): void;
  toggleInstruction(): void;
  togglePanel(): void;
  toggleTools(): void;
  togglePointer(): void;
  show(tab: PanelTab): void;
  /** Goes to the next problem, or the one before. Returns whether there is one. */
  goToProblem(direction: 1 | -1): boolean;
}

/** How far keys move the picture, in CSS pixels. */
const PAN = 120;

/** The commands that need the page around the editor. */
export function pageCommands(actions: () => PageActions): readonly Command[] {
  const problem = (direction: 1 | -1) => (editor: Editor) => { if (!actions().goToProblem(direction)) editor.tell("Nothing is left to fix."); };
  return [
    { id: "task.submit", name: "Check and submit", group: "Task", keys: ["Ctrl+Enter"], scope: "work", typing: true, available: always, run: () => actions().submit() },
    { id: "task.skip", name: "Skip this task with a reason", group: "Task", keys: ["Ctrl+Space"], scope: "work", available: always, run: () => actions().open("skip") },
    { id: "task.report", name: "Report a problem with the data", group: "Task", keys: [], scope: "work", available: always, run: () => actions().open("report") },
    { id: "task.release", name: "Give back to the queue", group: "Task", keys: [], scope: "work", available: always, run: () => actions().open("release") },
    { id: "task.leave", name: "Go home and keep this work", group: "Task", keys: [], scope: "work", available: always, run: () => actions().leave() },
    { id: "task.palette", name: "Find and run a command", group: "Task", keys: ["Ctrl+K"], scope: "work", typing: true, available: always, run: () => actions().open("palette") },
    { id: "task.keys", name: "Show the keys", group: "Task", keys: ["?"], scope: "work", available: always, run: () => actions().open("keys") },
    { id: "task.change-keys", name: "Change keys", group: "Task", keys: [], scope: "work", available: always, run: () => actions().open("key-settings") },
    { id: "task.preferences", name: "Preferences", group: "Task", keys: ["Ctrl+,"], scope: "work", available: always, run: () => actions().open("look") },
    { id: "label.search", name: "Search labels", group: "Labels", keys: ["/"], scope: "work", available: always, run: () => actions().focusSearch() },
    { id: "panel.answers", name: "Go to the first question", group: "Panels", keys: ["Tab"], scope: "canvas", available: always, run: () => actions().focusAnswers() },
    { id: "panel.canvas", name: "Go back to the picture", group: "Panels", keys: ["Esc"], scope: "answers", typing: true, available: always, run: () => actions().focusCanvas() },
    { id: "panel.objects", name: "Go to the list of objects", group: "Panels", keys: ["O"], scope: "work", available: always, run: () => { actions().show("objects"); actions().focusList(); } },
    { id: "panel.checks", name: "Show the checks", group: "Panels", keys: [], scope: "work", available: always, run: () => actions().show("checks") },
    { id: "panel.next-problem", name: "Go to the next problem", group: "Panels", keys: ["F8"], scope: "work", typing: true, available: always, run: problem(1) },
    { id: "panel.last-problem", name: "Go to the problem before", group: "Panels", keys: ["Shift+F8"], scope: "work", typing: true, available: always, run: problem(-1) },
    { id: "panel.instruction", name: "Fold or unfold the instruction", group: "Panels", keys: ["I"], scope: "work", available: always, run: () => actions().toggleInstruction() },
    { id: "panel.fold", name: "Fold or unfold the panel on the right", group: "Panels", keys: ["\\"], scope: "work", available: always, run: () => actions().togglePanel() },
    { id: "panel.fold-tools", name: "Fold or unfold tools and labels", group: "Panels", keys: ["Shift+\\"], scope: "work", available: always, run: () => actions().toggleTools() },
    { id: "view.pointer", name: "Move the pointer with the arrow keys", group: "View", keys: ["."], scope: "canvas", available: always, run: () => actions().togglePointer() },
    ...PANS,
    ...LOOK,
  ];
}

const PANS: readonly Command[] = ([["left", "Left", PAN, 0], ["right", "Right", -PAN, 0], ["up", "Up", 0, PAN], ["down", "Down", 0, -PAN]] as const)
  .map(([direction, key, dx, dy]) => ({ id: `view.pan-${direction}`, name: `Look further ${direction}`, group: "View", keys: [`Ctrl+${key}`], scope: "canvas", repeats: true, available: always, run: (editor) => editor.pan(dx, dy) }));

/** Preferences that are changed often enough to be found by name. */
const LOOK: readonly Command[] = [
  ...([["dark", "Dark theme"], ["light", "Light theme"], ["system", "Theme as the system"]] as const).map(([theme, name]): Command => ({
    id: `look.${theme}`, name, group: "View", keys: [], scope: "work",
    available: () => (preferences.get().theme === theme ? "This is the theme already." : true), run: () => changePreferences({ theme }),
  })),
  { id: "look.snapping", name: "Snapping on or off", group: "View", keys: [], scope: "work", available: always, run: (editor) => {
    const snapping = !preferences.get().snapping;
    changePreferences({ snapping });
    editor.tell(snapping ? "Snapping is on." : "Snapping is off.");
  } },
  { id: "look.tags", name: "Numbers and labels of every object", group: "View", keys: [], scope: "work", available: always, run: () => {
    changePreferences({ tags: preferences.get().tags === "all" ? "selected" : "all" });
  } },
];
