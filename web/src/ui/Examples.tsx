import { useEffect, useState, type ReactElement } from "react";
import type { Example } from "../api/agreement.js";
import { isObject, type Json } from "../model/json.js";
import { outlineOf } from "../model/outline.js";
import { Palette } from "../scenes/image/palette.js";
import "./examples.css";

interface Props {
  readonly load: () => Promise<readonly Example[]>;
}

/** Examples beside the instruction; nothing where there are none. That they cannot be had disturbs nobody. */
export function Examples({ load }: Props): ReactElement | null {
  const [examples, setExamples] = useState<readonly Example[]>([]);
  useEffect(() => {
    let current = true;
    load().then((found) => { if (current) setExamples(found); }, () => undefined);
    return () => { current = false; };
  }, [load]);
  if (examples.length === 0) return null;
  return (
    <details className="instruction examples">
      <summary>{examples.length === 1 ? "1 example" : `${examples.length} examples`}</summary>
      <ul>{examples.map((example) => <li key={example.id}><ExamplePicture example={example} /><p>{example.note}</p></li>)}</ul>
    </details>
  );
}

/** An answered picture in small, with what was drawn. */
export function ExamplePicture({ example }: { example: Example }): ReactElement {
  const { picture, response } = example;
  const annotations = Array.isArray(response.annotations) ? (response.annotations as readonly Json[]).filter(isObject) : [];
  const labels = [...new Set(annotations.map(({ label }) => (typeof label === "string" ? label : "")))];
  const palette = new Palette(labels);
  if (picture === null || picture.width === null || picture.height === null) return <p className="faint">No picture.</p>;
  const stroke = picture.width / 160;
  return (
    <svg className="example" viewBox={`0 0 ${picture.width} ${picture.height}`} role="img" aria-label={`Example with ${annotations.length} ${annotations.length === 1 ? "object" : "objects"}: ${labels.join(", ")}`}>
      <image href={picture.thumbnail ?? picture.url} width={picture.width} height={picture.height} preserveAspectRatio="none" />
      {annotations.map((annotation, i) => {
        const outline = outlineOf(annotation), { colour } = palette.of(typeof annotation.label === "string" ? annotation.label : null);
        return outline !== null && <path key={i} d={outline.path} stroke={colour} fill={outline.isOpen ? "none" : colour} fillOpacity={0.15} strokeWidth={stroke} strokeLinecap="round" />;
      })}
    </svg>
  );
}
