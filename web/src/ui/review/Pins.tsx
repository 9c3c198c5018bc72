import { useEffect, type ReactElement, type RefObject } from "react";
import type { Review } from "../../engine/Review.js";
import { turnPlace, unturn } from "../../math/turn.js";
import { toImage, toScreen } from "../../math/view.js";
import { useStore } from "../useStore.js";
import { names } from "./people.js";
import "./review.css";

interface Props {
  readonly review: Review;
  readonly canvas: RefObject<HTMLCanvasElement>;
  /** A pin was chosen or set; its comment is wanted. */
  readonly onChosen: () => void;
}

/** The comments' pins over the picture, and the layer that takes the click where a new one belongs. */
export function Pins({ review, canvas, onChosen }: Props): ReactElement {
  const { record, thread, beginning, placing } = useStore(review.state, (state) => state);
  const view = useStore(review.editor.view, (value) => value), turn = useStore(review.editor.turn, (value) => value);
  const items = useStore(review.editor.state, (state) => state.items);
  const size = { width: canvas.current?.clientWidth ?? 0, height: canvas.current?.clientHeight ?? 0 };
  const placeOf = (at: { readonly x: number; readonly y: number }) => {
    const { x, y } = turnPlace(toScreen(view, at), size, turn);
    return { left: x, top: y };
  };
  useEffect(() => {
    if (!placing) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") review.place(false);
      else if (event.key === "Enter") set(size.width / 2, size.height / 2);
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  });
  const set = (x: number, y: number) => {
    const at = toImage(review.editor.view.get(), unturn({ x, y }, size, turn));
    const item = review.editor.state.get().shown.hit(at, 6 / view.scale, null);
    review.beginAt({ object: item?.key ?? null, at: { x: Math.round(at.x * 10) / 10, y: Math.round(at.y * 10) / 10 } });
    onChosen();
  };
  return (
    <div className="pins" data-placing={placing}>
      {placing && <>
        <div
          className="placing" onWheel={(event) => review.editor.zoom(Math.exp(-event.deltaY * 0.0016))}
          onPointerDown={(event) => {
            const { left, top } = event.currentTarget.getBoundingClientRect();
            event.preventDefault();
            set(event.clientX - left, event.clientY - top);
          }}
        />
        <p className="placing-words" role="status">Click where the comment belongs. Enter takes the middle, Esc gives up.</p>
      </>}
      {record.threads.map((one, i) => {
        const item = items.get(one.object);
        // What is about an object goes where the object goes.
        const at = one.at ?? (item === null ? null : { x: item.bounds.right, y: item.bounds.top });
        return at !== null && (
          <button
            key={one.id} className={`pin ${one.resolved !== null ? "settled" : ""}`} style={placeOf(at)} aria-pressed={one.id === thread}
            aria-label={`Comment ${i + 1} by ${names(one.comments[0]?.by ?? null)}${one.resolved !== null ? ", settled" : ""}: ${one.comments[0]?.text.slice(0, 120) ?? ""}`} title={one.comments[0]?.text.slice(0, 300)}
            onClick={() => { review.look(one.id === thread ? null : one.id); onChosen(); }}
          ><span>{i + 1}</span></button>
        );
      })}
      {beginning?.at != null && <span className="pin beginning" style={placeOf(beginning.at)} aria-hidden="true"><span>+</span></span>}
    </div>
  );
}
