import { useEffect, useRef, useState, type ReactElement, type RefObject } from "react";
import type { WorkAttachment } from "../api/types.js";
import type { Editor } from "../engine/Editor.js";
import { ImageScene } from "../scenes/image/ImageScene.js";
import type { Palette } from "../scenes/image/palette.js";
import { loadPicture, type LoadedPicture } from "../scenes/image/picture.js";
import type { Extras } from "./extras.js";
import { Icon } from "./Icon.js";
import { useStore } from "./useStore.js";

interface Props {
  readonly editor: Editor;
  readonly palette: Palette;
  readonly extras: Extras;
  readonly attachment: WorkAttachment;
  readonly canvas: RefObject<HTMLCanvasElement>;
  readonly onPicture: (picture: LoadedPicture) => void;
}

/** The canvas with its scene, and the controls that lie over it. */
export function ImageCanvas({ editor, palette, extras, attachment, canvas, onPicture }: Props): ReactElement {
  const scene = useRef<ImageScene | null>(null);
  const [fault, setFault] = useState("");
  const [attempt, setAttempt] = useState(0);
  const [ready, setReady] = useState(false);
  const count = useStore(editor.state, (state) => state.items.list.length);

  useEffect(() => {
    if (canvas.current === null) return undefined;
    scene.current = new ImageScene(canvas.current, editor, palette, extras.overlays);
    return () => scene.current?.destroy();
  }, [editor, palette, extras, canvas]);

  useEffect(() => {
    let current = true;
    setFault("");
    // The small picture is there at once and stands in until the full one is decoded.
    if (attachment.thumbnail !== null) {
      void loadPicture(attachment.thumbnail).then((small) => { if (current && !full) scene.current?.show(small); }, () => undefined);
    }
    let full = false;
    loadPicture(attachment.url).then((picture) => {
      if (!current) return;
      full = true;
      setReady(true);
      scene.current?.show(picture);
      onPicture(picture);
    }, (error: unknown) => { if (current) setFault(error instanceof Error ? error.message : String(error)); });
    return () => { current = false; };
  }, [attachment, attempt]);

  return (
    <div className="canvas-frame">
      <canvas
        ref={canvas} className="canvas" tabIndex={0} role="application" data-ready={ready}
        aria-roledescription="picture editor" aria-label={`Picture with ${count} ${count === 1 ? "object" : "objects"}. They are listed in the panel on the right.`}
      />
      {fault !== "" && (
        <div className="canvas-fault" role="alert">
          <p><b>{fault}</b> What you have drawn is safe. The link may have run out or the connection may be down.</p>
          <button onClick={() => setAttempt(attempt + 1)}>Load again</button>
        </div>
      )}
      <ZoomControls editor={editor} />
    </div>
  );
}

function ZoomControls({ editor }: { editor: Editor }): ReactElement {
  const percent = useStore(editor.view, (view) => Math.round(view.scale * 100));
  return (
    <div className="zoom" role="group" aria-label="Zoom">
      <button aria-label="Zoom out" title="Zoom out (−)" onClick={() => editor.zoom(1 / 1.25)}>−</button>
      <button className="percent" aria-label={`${percent} percent, show one to one`} title="One to one (Shift+2)" onClick={() => editor.zoom(1 / editor.view.get().scale)}>{percent} %</button>
      <button aria-label="Zoom in" title="Zoom in (+)" onClick={() => editor.zoom(1.25)}>+</button>
      <button aria-label="Fit" title="Fit (Shift+1)" onClick={() => editor.fit()}><Icon name="fit" size={16} /></button>
    </div>
  );
}
