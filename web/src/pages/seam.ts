import type { RefObject } from "react";
import type { Editor } from "../engine/Editor.js";
import type { Journal } from "../engine/journal.js";
import { saveWords } from "../engine/saveWords.js";
import { primaryOf } from "../engine/selection.js";
import { turnPlace } from "../math/turn.js";
import { toScreen, type View } from "../math/view.js";
import type { JsonObject } from "../model/json.js";

/** What browser tests may ask, because a canvas has no elements to look at. Reads only. */
interface Seam {
  view(): View;
  objects(): { [key: string]: JsonObject };
  /** The primary object, and all that are selected. */
  selection(): string | null;
  selected(): readonly string[];
  tool(): string;
  links(): JsonObject[];
  save(): string;
  journal(): Promise<number>;
  /** The place in the window of a point of the picture. */
  place(x: number, y: number): { x: number; y: number };
}

export function openSeam(editor: Editor, journal: Journal, user: string, canvas: RefObject<HTMLCanvasElement>): () => void {
  const holder = window as unknown as { __test?: Seam };
  const seam: Seam = {
    view: editor.view.get,
    objects: () => Object.fromEntries(editor.state.get().items.list.map(({ key, object }) => [key, object])),
    selection: () => primaryOf(editor.state.get()),
    selected: () => editor.state.get().selection,
    tool: () => editor.state.get().tool,
    links: () => editor.links().map(({ object }) => object),
    save: () => saveWords(editor.state.get().sync).text,
    journal: async () => (await journal.waiting(user)).reduce((sum, { count }) => sum + count, 0),
    place: (x, y) => {
      const at = toScreen(editor.view.get(), { x, y });
      const { left, top, width, height } = canvas.current?.getBoundingClientRect() ?? { left: 0, top: 0, width: 0, height: 0 };
      const turned = turnPlace(at, { width, height }, editor.turn.get());
      return { x: turned.x + left, y: turned.y + top };
    },
  };
  holder.__test = seam;
  return () => { if (holder.__test === seam) delete holder.__test; };
}
