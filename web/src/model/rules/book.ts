import { ANNOTATION, LABEL, LABEL_OF_SHAPE, TYPE } from "./annotations.js";
import { ANGLE, CHOICE, CHOICES, EACH_CHOICE, IMAGE_ROTATION, LINKED, NUMBER, OFFSET, QUESTION, SHEET, TEXT } from "./answers.js";
import { BASE } from "./base.js";
import { BOX_READING, CORNER, CUBOID_READING, ELLIPSE_READING, MEASURE, VERTEX, VERTEX_LIST } from "./figures.js";
import { IDENTITY } from "./identity.js";
import { BOX, CUBOID_FACE, CUBOID_SIZE, INSIDE, OUTLINE } from "./limits.js";
import { LINK, LINK_LIST, LINK_MEMBER, LINK_SHAPE } from "./links.js";
import { COUNT, RESPONSE } from "./response.js";
import { CONDITIONS, COUNTING } from "./visibility.js";
import { ANNOTATION_PARTS, ANSWER_FINISH, BOX_FINISH, BOX_PARTS, CUBOID_PARTS, LINK_PARTS, ORDERING, RESPONSE_PARTS } from "./writing.js";

/** All rules about answers to tasks on pictures. The server keeps rules of the same names. */
export const RULES = {
  response: RESPONSE, count: COUNT, annotation: ANNOTATION, identity: IDENTITY, label: LABEL, type: TYPE, labelOfShape: LABEL_OF_SHAPE,
  measure: MEASURE, boxReading: BOX_READING, vertexList: VERTEX_LIST, vertex: VERTEX, ellipseReading: ELLIPSE_READING, corner: CORNER, cuboidReading: CUBOID_READING,
  box: BOX, outline: OUTLINE, cuboidFace: CUBOID_FACE, cuboidSize: CUBOID_SIZE, inside: INSIDE,
  conditions: CONDITIONS, counting: COUNTING,
  sheet: SHEET, question: QUESTION, choice: CHOICE, choices: CHOICES, eachChoice: EACH_CHOICE, number: NUMBER, imageRotation: IMAGE_ROTATION,
  angle: ANGLE, text: TEXT, offset: OFFSET, linked: LINKED,
  linkList: LINK_LIST, linkShape: LINK_SHAPE, linkMember: LINK_MEMBER, link: LINK,
  base: BASE,
  ordering: ORDERING, boxFinish: BOX_FINISH, boxParts: BOX_PARTS, cuboidParts: CUBOID_PARTS, answerFinish: ANSWER_FINISH,
  annotationParts: ANNOTATION_PARTS, linkParts: LINK_PARTS, responseParts: RESPONSE_PARTS,
};

export type RuleBook = { readonly [list in keyof typeof RULES]: (typeof RULES)[list] };

/** The names of all rules, list by list. */
export function ruleNames(book: RuleBook): string[] {
  return Object.values(book).flatMap((list: readonly { readonly name: string }[]) => list.map(({ name }) => name));
}

/** The same rules but for one, to see what it is good for. */
export function without(book: RuleBook, name: string): RuleBook {
  const lists = Object.entries(book).map(([key, list]) => [key, (list as readonly { readonly name: string }[]).filter((rule) => rule.name !== name)]);
  return Object.fromEntries(lists) as RuleBook;
}
