import { useState, type ReactElement } from "react";
import { placeWords, type Facts } from "../model/facts.js";

/** When, where and at which resolution the picture was taken, and what else was sent with it. */
export function FactTable({ facts }: { facts: Facts }): ReactElement | null {
  const { dateTime, place, resolution, others } = facts;
  const rows: (readonly [string, string])[] = [
    ...(dateTime === null ? [] : [["Date and time", dateWords(dateTime)] as const]),
    ...(resolution === null ? [] : [["Resolution", `${resolution.perPixel} ${resolution.unit} per pixel`] as const]),
    ...others.map(({ name, value }) => [name, value] as const),
  ];
  if (rows.length === 0 && place === null) return null;
  return (
    <div className="part">
      <h3>About the picture</h3>
      <dl className="facts">
        {place !== null && <div><dt>Location</dt><dd>{placeWords(place)} <Copy text={placeWords(place)} /></dd></div>}
        {rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
    </div>
  );
}

function Copy({ text }: { text: string }): ReactElement {
  const [said, setSaid] = useState("");
  const copy = () => {
    // Without a secure connection browsers offer no clipboard; then the text is there to be selected.
    const copied = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard"));
    copied.then(() => setSaid("Copied"), () => setSaid("Not copied: select the text instead"));
  };
  return <><button className="link" onClick={copy}>Copy</button><span className="faint" role="status"> {said}</span></>;
}

/** The time as it was sent, with its parts apart; it is not moved into the reader's time zone. */
function dateWords(text: string): string {
  const parts = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  return parts === null ? text : `${parts[1]} ${parts[2]}${parts[3] === undefined ? "" : parts[3] === "Z" ? " UTC" : ` UTC${parts[3]}`}`;
}
