import type { ReactElement } from "react";
import type { WorkAttachment } from "../../api/types.js";
import type { Outline } from "../../model/outline.js";
import "./merge.css";

/** A part of the picture. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The part of the picture around some outlines, with room beside them, of the shape of the little pictures. */
export function frameAround(outlines: readonly Outline[], picture: { readonly width: number | null; readonly height: number | null }): Frame | null {
  if (outlines.length === 0 || picture.width === null || picture.height === null) return null;
  const left = Math.min(...outlines.map((one) => one.left)), right = Math.max(...outlines.map((one) => one.right));
  const top = Math.min(...outlines.map((one) => one.top)), bottom = Math.max(...outlines.map((one) => one.bottom));
  const room = Math.max(right - left, bottom - top, Math.max(picture.width, picture.height) / 20) * 0.25;
  const size = Math.max(right - left, (bottom - top) * RATIO) + 2 * room;
  return { left: (left + right - size) / 2, top: (top + bottom - size / RATIO) / 2, width: size, height: size / RATIO };
}

const RATIO = 4 / 3;

interface Props {
  readonly attachment: WorkAttachment;
  readonly frame: Frame;
  readonly outline: Outline | null;
  /** Shown thin beneath, to compare with. */
  readonly others: readonly Outline[];
  readonly colour: string;
  readonly words: string;
}

/** A part of the picture with one answer's shape on it. */
export function Crop({ attachment, frame, outline, others, colour, words }: Props): ReactElement {
  const stroke = frame.width / 60;
  // A picture that is shown in tiles is too large to be loaded whole.
  const source = attachment.tiles === null ? attachment.url : attachment.thumbnail ?? "";
  return (
    <svg className="crop" viewBox={`${frame.left} ${frame.top} ${frame.width} ${frame.height}`} role="img" aria-label={words}>
      {source !== "" && <image href={source} width={attachment.width ?? 0} height={attachment.height ?? 0} preserveAspectRatio="none" />}
      {others.map((other, i) => <path key={i} d={other.path} className="crop-other" strokeWidth={stroke * 0.5} />)}
      {outline !== null && <path d={outline.path} className="crop-case" strokeWidth={stroke * (outline.isOpen ? 2.6 : 2)} />}
      {outline !== null && <path d={outline.path} stroke={colour} fill={outline.isOpen ? "none" : colour} fillOpacity={0.18} strokeWidth={stroke * (outline.isOpen ? 1.8 : 1.1)} strokeLinecap="round" strokeLinejoin="round" />}
    </svg>
  );
}
