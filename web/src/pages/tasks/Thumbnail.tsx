import { useState, type ReactElement } from "react";
import type { TaskRow } from "../../api/tasks.js";
import type { Palette } from "../../scenes/image/palette.js";
import { pathOf } from "./shapePath.js";

const WIDTH = 104, HEIGHT = 66;

/** A task's picture in small with its labels drawn on it, or how many files it has. */
export function Thumbnail({ row, palette }: { row: TaskRow; palette: Palette }): ReactElement {
  const { thumbnail, shapes, attachments } = row;
  // Addresses run out; a list that was open for long shows no broken pictures.
  const [gone, setGone] = useState<string | null>(null);
  if (thumbnail === null) return <span className="thumbnail none faint">{attachments === 0 ? "no file" : attachments === 1 ? "1 file" : `${attachments} files`}</span>;
  const { url, width, height } = thumbnail;
  if (gone === url) return <span className="thumbnail none faint">reload to see</span>;
  const scale = Math.min(WIDTH / width, HEIGHT / height);
  return (
    <span className="thumbnail">
      <img src={url} alt="" width={Math.round(width * scale)} height={Math.round(height * scale)} loading="lazy" draggable={false} onError={() => setGone(url)} />
      {shapes.length > 0 && (
        <svg viewBox={`0 0 ${width} ${height}`} width={width * scale} height={height * scale} aria-hidden="true">
          {shapes.map((shape, i) => {
            const { colour } = palette.of(shape.label), isOpen = shape.type === "line" || shape.type === "point";
            return <path key={i} d={pathOf(shape)} stroke={colour} fill={isOpen ? "none" : colour} fillOpacity={0.2} className={shape.type === "point" ? "dot-mark" : ""} />;
          })}
        </svg>
      )}
    </span>
  );
}
