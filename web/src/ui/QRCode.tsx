import type { ReactElement } from "react";
import { qrCode } from "../math/qr.js";

/** A text for a camera to read: dark on light whatever the page's colours are, with the margin that readers need. */
export function QRCode({ text, name }: { text: string; name: string }): ReactElement | null {
  const rows = qrCode(text);
  if (rows === null) return null;
  const side = rows.length + 8;
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
  return (
    <svg className="qr-code" role="img" aria-label={name} viewBox={`0 0 ${side} ${side}`} shapeRendering="crispEdges">
      <rect width={side} height={side} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}
