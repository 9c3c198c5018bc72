import { useEffect, useRef, useState, type ReactElement, type ReactNode, type RefObject } from "react";
import type { WorkAttachment } from "../api/types.js";
import type { Editor } from "../engine/Editor.js";
import { giveUp, type PicturesAhead } from "../scenes/image/ahead.js";
import { ImageScene } from "../scenes/image/ImageScene.js";
import type { Palette } from "../scenes/image/palette.js";
import { loadPicture, loadTiled, type LoadedPicture } from "../scenes/image/picture.js";
import { AdjustmentsPanel } from "./AdjustmentsPanel.js";
import { ContextStrip } from "./ContextStrip.js";
import type { Extras } from "./extras.js";
import { Icon } from "./Icon.js";
import { KeyboardPointer } from "./KeyboardPointer.js";
import { Guidance } from "./Guidance.js";
import { PickBar } from "./PickBar.js";
import { RulerReadout } from "./RulerReadout.js";
import { useKeyOf } from "./Keymap.js";
import { useStore } from "./useStore.js";

interface Props {
  readonly editor: Editor;
  readonly palette: Palette;
  readonly extras: Extras;
  readonly attachment: WorkAttachment;
  readonly canvas: RefObject<HTMLCanvasElement>;
  readonly ahead: PicturesAhead;
  /** The person moves the pointer with the arrow keys, whatever the tool. */
  readonly pointer: boolean;
  readonly onPicture: (picture: LoadedPicture) => void;
  /** Asks for fresh addresses of the pictures, which then come as another attachment. */
  readonly onRenew: () => Promise<void>;
  /** What lies over the picture besides. */
  readonly children?: ReactNode;
}

/** The canvas with its scene, and the controls that lie over it. */
export function ImageCanvas({ editor, palette, extras, attachment, canvas, ahead, pointer, onPicture, onRenew, children }: Props): ReactElement {
  const scene = useRef<ImageScene | null>(null);
  const shown = useRef<LoadedPicture | null>(null);
  const [stage, setStage] = useState<"loading" | "ready" | "failed" | "renewing">("loading");
  const count = useStore(editor.state, (state) => state.items.list.length);

  useEffect(() => {
    if (canvas.current === null) return undefined;
    scene.current = new ImageScene(canvas.current, editor, palette, extras.overlays);
    return () => scene.current?.destroy();
  }, [editor, palette, extras, canvas]);

  useEffect(() => {
    let current = true, full = false;
    setStage("loading");
    // The small picture is there at once and stands in until the full one is decoded.
    if (attachment.thumbnail !== null) {
      void loadPicture(attachment.thumbnail).then((small) => { if (current && !full) scene.current?.show(small); }, () => undefined);
    }
    (attachment.tiles ? loadTiled(attachment.tiles) : ahead.take(attachment.url)).then((picture) => {
      if (!current) return;
      full = true;
      shown.current = picture;
      setStage("ready");
      scene.current?.show(picture);
      onPicture(picture);
    }, () => { if (current) setStage("failed"); });
    return () => { current = false; };
  }, [attachment, extras, ahead]);

  useEffect(() => () => giveUp(shown.current), []);

  // Addresses run out, so trying again begins with asking for another one.
  const retry = () => {
    setStage("renewing");
    onRenew().catch(() => setStage("failed"));
  };
  return (
    <><div className="canvas-frame">
      <canvas
        ref={canvas} className="canvas" tabIndex={0} role="application" data-ready={stage === "ready"}
        aria-roledescription="picture editor" aria-label={`Picture with ${count} ${count === 1 ? "object" : "objects"}. They are listed in the panel on the right.`}
      />
      <KeyboardPointer editor={editor} canvas={canvas} always={pointer} />
      {stage === "loading" && attachment.thumbnail === null && <p className="canvas-wait delayed" role="status">Loading the picture…</p>}
      {(stage === "failed" || stage === "renewing") && (
        <div className="canvas-fault" role="alert">
          <p><b>The picture could not be loaded.</b> What you have drawn is safe. The connection may be down, or the picture is damaged; then report it under More.</p>
          <button className="primary" disabled={stage === "renewing"} onClick={retry}>{stage === "renewing" ? "Loading…" : "Load again"}</button>
        </div>
      )}
      {children}
      <Guidance editor={editor} />
      <PickBar editor={editor} />
      <RulerReadout editor={editor} resolution={extras.facts.resolution} />
      <ZoomControls editor={editor} project={extras.project} />
    </div>
    <ContextStrip context={extras.context} /></>
  );
}

function ZoomControls({ editor, project }: { editor: Editor; project: string | null }): ReactElement {
  const percent = useStore(editor.view, (view) => Math.round(view.scale * 100));
  const keyOf = useKeyOf();
  return (
    <div className="zoom" role="group" aria-label="Zoom">
      <button aria-label="Zoom out" title={`Zoom out (${keyOf("view.out")})`} onClick={() => editor.zoom(1 / 1.25)}>−</button>
      <button className="percent" aria-label={`${percent} percent, show one to one`} title={`One to one (${keyOf("view.actual")})`} onClick={() => editor.zoom(1 / editor.view.get().scale)}>{percent} %</button>
      <button aria-label="Zoom in" title={`Zoom in (${keyOf("view.in")})`} onClick={() => editor.zoom(1.25)}>+</button>
      <button aria-label="Fit" title={`Fit (${keyOf("view.fit")})`} onClick={() => editor.fit()}><Icon name="fit" size={16} /></button>
      <AdjustmentsPanel project={project} />
    </div>
  );
}
