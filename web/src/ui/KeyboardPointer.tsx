import { useEffect, useState, type ReactElement, type RefObject } from "react";
import { crosshairAt, isSteering, steer, type Crosshair } from "../engine/crosshair.js";
import type { Editor } from "../engine/Editor.js";
import { clampPoint } from "../math/space.js";
import { toImage, toScreen } from "../math/view.js";
import { useStore } from "./useStore.js";
import "./KeyboardPointer.css";

interface Props {
  readonly editor: Editor;
  readonly canvas: RefObject<HTMLCanvasElement>;
  /** The person asked for the cross with a tool that has other uses for the arrow keys. */
  readonly always: boolean;
}

/** Near the border of the canvas the view follows the cross, in CSS pixels. */
const MARGIN = 24;

/** A cross on the picture for drawing without a mouse; it speaks to the tools as a mouse does, so every tool can be used with it. */
export function KeyboardPointer({ editor, canvas, always }: Props): ReactElement | null {
  const [cross, setCross] = useState<Crosshair | null>(null);
  const tool = useStore(editor.state, (state) => state.tool);
  const view = useStore(editor.view, (value) => value);
  const steers = always || tool !== editor.tools[0].id;

  useEffect(() => setCross(null), [tool]);
  useEffect(() => { if (always) setCross((old) => old ?? beginning(editor, canvas.current)); else setCross(null); }, [always]);

  useEffect(() => {
    const element = canvas.current;
    if (element === null || !steers) return undefined;
    const onKey = (event: KeyboardEvent) => {
      const press = { key: event.key, shift: event.shiftKey, alt: event.altKey };
      if (event.ctrlKey || event.metaKey || !isSteering(press) || (cross === null && event.key === "Enter")) return;
      event.preventDefault();
      if (cross === null) return setCross(beginning(editor, element));
      const result = steer(cross, press, editor.view.get(), editor.limits);
      follow(editor, element, result.cross);
      for (const input of result.inputs) editor.input({ ...input, screen: toScreen(editor.view.get(), input.at) });
      return setCross(result.cross);
    };
    // A mouse takes over as soon as it moves.
    const onMouse = () => { if (!always) setCross(null); };
    element.addEventListener("keydown", onKey);
    element.addEventListener("pointermove", onMouse);
    return () => {
      element.removeEventListener("keydown", onKey);
      element.removeEventListener("pointermove", onMouse);
    };
  }, [editor, canvas, cross, steers, always]);

  if (cross === null) return null;
  const { x, y } = toScreen(view, cross.at);
  return (
    <div className="cross" style={{ left: x, top: y }} data-pressed={cross.pressed}>
      <span className="cross-place" role="status">{cross.at.x}, {cross.at.y}{cross.pressed ? ", held" : ""}</span>
    </div>
  );
}

/** The cross begins in the middle of what is seen. */
function beginning(editor: Editor, canvas: HTMLCanvasElement | null): Crosshair {
  const middle = toImage(editor.view.get(), { x: (canvas?.clientWidth ?? 0) / 2, y: (canvas?.clientHeight ?? 0) / 2 });
  return crosshairAt(clampPoint(middle, editor.limits));
}

function follow(editor: Editor, canvas: HTMLCanvasElement, { at }: Crosshair): void {
  const { x, y } = toScreen(editor.view.get(), at);
  const beyond = (value: number, size: number) => (value < MARGIN ? MARGIN - value : value > size - MARGIN ? size - MARGIN - value : 0);
  const dx = beyond(x, canvas.clientWidth), dy = beyond(y, canvas.clientHeight);
  if (dx !== 0 || dy !== 0) editor.pan(dx, dy);
}
