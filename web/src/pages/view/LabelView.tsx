import { useEffect, useMemo, useRef, useState, type ReactElement } from "react";
import type { WorkAttachment } from "../../api/types.js";
import type { Editor } from "../../engine/Editor.js";
import { documentFrom } from "../../model/document.js";
import { readFacts } from "../../model/facts.js";
import { PicturesAhead } from "../../scenes/image/ahead.js";
import { readLayers } from "../../scenes/image/overlays/layers.js";
import { overlaysFor } from "../../scenes/image/overlays/Overlays.js";
import { Palette } from "../../scenes/image/palette.js";
import type { Extras } from "../../ui/extras.js";
import { FactTable } from "../../ui/FactTable.js";
import { ImageCanvas } from "../../ui/ImageCanvas.js";
import { LayerList } from "../../ui/LayerList.js";
import { ObjectList } from "../../ui/ObjectList.js";
import { Answers } from "./Answers.js";
import { openView, type Labels } from "./open.js";
import "./LabelView.css";

interface Props extends Labels {
  /** Pictures that belong to the task's own. */
  readonly context: readonly WorkAttachment[];
  readonly project: string | null;
  /** An object to look at: it is chosen and brought into sight. */
  readonly highlight?: string;
  /** Asks for fresh addresses of the pictures, which run out. */
  readonly onRenew: () => Promise<void>;
}

const NONE: ReadonlySet<string> = new Set();

/** A picture with its labels in the editor's own scene, with what was said about each of them. Nothing can be changed. */
export function LabelView(props: Props): ReactElement {
  const { task, params, editorParams, attachment, collections } = props;
  const [editor, setEditor] = useState<Editor | null>(null);
  useEffect(() => {
    let current = true;
    void openView({ task, params, editorParams, attachment, collections }).then((opened) => { if (current) setEditor(opened); });
    return () => { current = false; };
  }, [task, params, editorParams, attachment.width, attachment.height]);
  // Other labels on the same picture, such as an earlier state, leave the picture and the view as they are.
  useEffect(() => editor?.show(documentFrom(collections)), [editor, collections]);
  return editor === null ? <div className="label-view skeleton" role="status" aria-label="Loading" /> : <Opened key={editor.work} {...props} editor={editor} />;
}

function Opened({ editor, params, attachment, context, project, highlight, onRenew }: Props & { readonly editor: Editor }): ReactElement {
  const inks = useMemo(() => new Palette(editor.labels.map(({ choice }) => choice), editor.taxonomy.colours), [editor]);
  const ahead = useMemo(() => new PicturesAhead(), []);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    // The scene would go on with the view of the one before, which may have had another size.
    editor.fit();
    if (highlight !== undefined) editor.reveal(highlight);
  }, [editor, highlight]);
  const extras = useMemo((): Extras => {
    const facts = readFacts(params), layers = readLayers(params);
    return { facts, layers, overlays: overlaysFor(editor, inks, facts, layers), context, project };
  }, [editor, inks, params, context, project]);
  return (
    <div className="label-view">
      <div className="stage">
        <ImageCanvas editor={editor} palette={inks} extras={extras} attachment={attachment} canvas={canvas} ahead={ahead} pointer={false} onPicture={() => undefined} onRenew={onRenew} />
      </div>
      <aside className="panel" aria-label="Objects and answers">
        <div className="panel-list"><ObjectList editor={editor} palette={inks} faulty={NONE} /></div>
        <div className="details-scroll">
          <Answers editor={editor} />
          <div className="details-more"><LayerList layers={extras.layers} /><FactTable facts={extras.facts} /></div>
        </div>
      </aside>
    </div>
  );
}
