import type { Preset } from "./keymap.js";

/** Labels by digit, with Ctrl as well. */
const LABELS_WITH_CTRL = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`label.${i + 1}`, [String((i + 1) % 10), `Ctrl+${(i + 1) % 10}`]]));
const ZOOM_WITH_CTRL = { "view.in": ["Ctrl+=", "Ctrl++"], "view.out": ["Ctrl+-"] };

/**
 * Keys after the habits of other tools, where these do not contradict each other or what the editor can do. What is not named here keeps
 * its own key; what has to make room for a habit gets another one.
 */
export const PRESETS: readonly Preset[] = [
  { id: "vernier", name: "Vernier", keys: {} },
  {
    id: "cvat", name: "CVAT", keys: {
      ...LABELS_WITH_CTRL, ...ZOOM_WITH_CTRL,
      "task.keys": ["F1", "?"], "task.preferences": ["F2", "Ctrl+,"],
      "object.next": ["Tab"], "object.previous": ["Shift+Tab"], "panel.answers": ["Shift+Enter"],
      "object.lock": ["L"], "tool.line": ["Shift+L"],
      "object.front": ["+", "="], "object.back": ["-", "_"],
      "tool.split": ["Alt+J"],
    },
  },
  {
    id: "labelstudio", name: "Label Studio", keys: {
      "tool.box": ["R"], "tool.ruler": ["Shift+M"], "tool.ellipse": ["O"], "panel.objects": ["Alt+O"],
      "edit.none": ["U"],
      "object.hide": ["Alt+H"], "object.hideOthers": ["Alt+Shift+H"], "object.showAll": ["Ctrl+H"],
      "object.lock": ["Alt+L"], "object.unlockAll": ["Alt+Shift+L"],
      "view.in": ["Ctrl+=", "Ctrl++", "+", "="], "view.out": ["Ctrl+-", "-"],
    },
  },
];
