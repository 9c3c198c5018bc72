import { quarterTurn, type Turn } from "../math/turn.js";
import { collection, objectAt, type Document } from "./document.js";
import { numberOf, type Json } from "./json.js";
import { GLOBAL_ATTRIBUTES, setGlobalAttribute, type Plan } from "./plans.js";
import { leavesOf, type Attribute, type Taxonomy } from "./taxonomy.js";

/** The question of this name is answered by turning the picture. */
export const ROTATION = "image_rotation";

/** The question about the picture's rotation, where the task asks it in a form that turning can answer. */
export function rotationQuestion({ attributes }: Taxonomy): Attribute | null {
  const asked = attributes.find(({ key, isGlobal }) => key === ROTATION && isGlobal);
  if (asked === undefined) return null;
  if (asked.type === "number") return asked;
  return asked.type === "category" && !asked.allowMultiple && turnsOf(asked).length > 0 ? asked : null;
}

/** The turns that may be answered. */
export function turnsOf(attribute: Attribute): Turn[] {
  return ([0, 90, 180, 270] as const).filter((turn) => answerOf(attribute, turn) !== null);
}

/** The answer that stands for a turn; null where the task does not have it. */
export function answerOf(attribute: Attribute, turn: Turn): Json {
  if (attribute.type === "number") {
    const fits = (attribute.min === null || turn >= attribute.min) && (attribute.max === null || turn <= attribute.max);
    return fits ? turn : null;
  }
  return leavesOf(attribute.choices).find(({ choice }) => numberOf(choice.replace(/\s*(°|deg(rees)?)$/i, "")) === turn)?.choice ?? null;
}

/** How far the picture is turned according to the answers. */
export function turnOf(document: Document): Turn {
  const value = collection(document, GLOBAL_ATTRIBUTES).get(ROTATION)?.value;
  const degrees = numberOf(typeof value === "string" ? value.replace(/\s*(°|deg(rees)?)$/i, "") : value);
  return degrees === null ? 0 : quarterTurn(degrees);
}

/** Answers the question for a picture that nobody has turned: it stands as it is shown. */
export function settleRotation(taxonomy: Taxonomy): Plan {
  const asked = rotationQuestion(taxonomy);
  return (document) => (asked === null || objectAt(document, GLOBAL_ATTRIBUTES, ROTATION) !== null ? [] : setGlobalAttribute(ROTATION, answerOf(asked, 0))(document));
}
