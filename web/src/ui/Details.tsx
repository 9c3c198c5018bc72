import type { ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import type { Issue } from "../model/checks.js";
import type { Extras } from "./extras.js";
import { LinkDetails } from "./LinkDetails.js";
import { ObjectDetails } from "./ObjectDetails.js";
import { PictureDetails } from "./PictureDetails.js";
import { useStore } from "./useStore.js";
import "./Details.css";

interface Props {
  readonly editor: Editor;
  readonly extras: Extras;
  /** Faults are shown beside the questions only after a submission was tried. */
  readonly issues: readonly Issue[];
}

/** What can be said about the selected link or objects, or about the whole picture when nothing is selected. */
export function Details({ editor, extras, issues }: Props): ReactElement {
  const items = useStore(editor.state, (state) => state.items);
  const selection = useStore(editor.state, (state) => state.selection);
  const key = useStore(editor.hand, (hand) => hand.link);
  useStore(editor.state, (state) => state.document);
  const link = key === null ? undefined : editor.links().find((candidate) => candidate.key === key);
  const chosen = selection.flatMap((one) => items.get(one) ?? []);
  if (link !== undefined) return <LinkDetails key={link.key} editor={editor} link={link} issues={issues} />;
  if (chosen.length > 0) return <ObjectDetails key={selection.join(" ")} editor={editor} items={chosen} issues={issues} />;
  return <PictureDetails editor={editor} extras={extras} issues={issues} />;
}
