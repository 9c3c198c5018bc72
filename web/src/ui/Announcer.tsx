import { useEffect, useState, type ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import { changeWords, selectionWords } from "./changes.js";
import { labelName } from "./ObjectList.js";

/** Changes this near to each other are told together, in milliseconds. */
const GATHER = 250;

/** Tells assistive technology what changes on the canvas, which has no elements that it could follow. */
export function Announcer({ editor }: { editor: Editor }): ReactElement {
  const [words, setWords] = useState("");
  useEffect(() => {
    let { items, selection } = editor.state.get();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const named = (label: string | null) => labelName(editor, label);
    const tell = () => {
      timer = undefined;
      const state = editor.state.get();
      const changes = state.items === items ? "" : changeWords(items, state.items, editor.picture, named);
      const chosen = state.selection === selection || changes !== "" ? "" : selectionWords(state, editor.picture, named);
      ({ items, selection } = state);
      if (changes !== "" || chosen !== "") setWords(changes === "" ? chosen : changes);
    };
    const stop = editor.state.subscribe(() => {
      const state = editor.state.get();
      if (timer === undefined && (state.items !== items || state.selection !== selection)) timer = setTimeout(tell, GATHER);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [editor]);
  return <div className="hidden" role="status" aria-label="Changes on the picture" data-testid="announcer">{words}</div>;
}
