import type { Place } from "./rule.js";

const PLAIN = /^[A-Za-z0-9_-]+$/;
/** Of longer names paths repeat only the beginning. */
const LONGEST = 60;
const QUESTION = /(?:^|\.)(?:global_attributes|attributes)(?:\.([A-Za-z0-9_-]+)|\[("(?:[^"\\]|\\.)*")\])/;

/** A place in the notation of the server: `annotations[3].vertices`; names that are not plain words stand in brackets and quotes. */
export function pathText(place: Place): string {
  return place.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (PLAIN.test(step)) return text === "" ? step : `${text}.${step}`;
    return `${text}[${JSON.stringify(shortened(step))}]`;
  }, "");
}

/** The attribute that a path of an issue is about; null for paths to something else. */
export function questionOf(path: string): string | null {
  const match = QUESTION.exec(path);
  if (match === null) return null;
  return match[1] ?? (JSON.parse(match[2]) as string);
}

function shortened(name: string): string {
  const characters = [...name];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join("")}…` : name;
}
