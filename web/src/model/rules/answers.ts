import { isAnswered, isObject, type Json, type JsonObject } from "../json.js";
import { hasChoice, isImageRotation, type Attribute } from "../taxonomy.js";
import { anyOf, below, fault, isNothing, judged, judgedInTurn, type Context, type Fault, type Rule } from "./rule.js";
import { declaredAt, visibleBy, type Scope } from "./visibility.js";

/** The answers about one thing, as a member of it. */
export interface AnswerSheet {
  readonly answers: Json | undefined;
  /** Every attribute of the same level, asked or not. */
  readonly known: readonly Attribute[];
}

export interface Question {
  readonly attribute: Attribute;
  readonly answer: Json | undefined;
}

/** What judging a single answer needs to know. */
export type AnswerContext = Pick<Context, "book" | "strictness" | "labels">;

export interface Answer {
  readonly attribute: Attribute;
  readonly answer: Json;
  readonly context: AnswerContext;
}

export const SHEET: readonly Rule<AnswerSheet>[] = [
  { name: "answers are an object", judge: ({ answers }) => (isNothing(answers) || isObject(answers) ? null : fault("The answers cannot be read. Answer again.")) },
  {
    name: "every answer belongs to a question",
    judge: ({ answers, known }) => (isObject(answers) ? Object.keys(answers).filter((key) => !known.some((attribute) => attribute.key === key))
      .map((key) => fault(`"${key}" is not a question of this task. Take the answer away.`, key)) : null),
  },
];

export const QUESTION: readonly Rule<Question>[] = [
  { name: "a question that is asked is answered", onSubmit: true, judge: ({ attribute, answer }) => (attribute.required && !isAnswered(answer) ? fault(`${named(attribute)} needs an answer.`) : null) },
];

export const CHOICE: readonly Rule<Answer>[] = [
  { name: "a choice is a text", judge: ({ attribute, answer }) => (typeof answer === "string" ? null : fault(`${named(attribute)} takes one choice.`)) },
  {
    name: "a choice is one of those offered",
    judge: ({ attribute, answer }) => (typeof answer !== "string" || hasChoice(attribute.choices, answer) ? null : fault(`${named(attribute)} has no choice "${answer}".`)),
  },
];

export const CHOICES: readonly Rule<Answer>[] = [
  { name: "several choices are a list", judge: ({ attribute, answer }) => (Array.isArray(answer) ? null : fault(`${named(attribute)} takes a list of choices.`)) },
];

export const EACH_CHOICE: readonly Rule<Answer>[] = [
  {
    name: "no choice is made twice",
    judge: ({ attribute, answer }) => (Array.isArray(answer) ? (answer as readonly Json[]).flatMap((choice, i, all) => (
      typeof choice === "string" && all.indexOf(choice) < i ? [fault(`${named(attribute)} has the choice "${choice}" twice.`, i)] : []
    )) : null),
  },
];

export const NUMBER: readonly Rule<Answer>[] = [
  { name: "a number is a number", judge: ({ attribute, answer }) => (typeof answer === "number" ? null : fault(`${named(attribute)} must be a number.`)) },
  { name: "a number is not below the least", judge: ({ attribute, answer }) => (attribute.min !== null && Number(answer) < attribute.min ? fault(`${named(attribute)} must be at least ${attribute.min}.`) : null) },
  { name: "a number is not above the greatest", judge: ({ attribute, answer }) => (attribute.max !== null && Number(answer) > attribute.max ? fault(`${named(attribute)} must be at most ${attribute.max}.`) : null) },
  {
    name: "a number stands on a step",
    judge: ({ attribute: { min, step, ...attribute }, answer }) => {
      const steps = (Number(answer) - (min ?? 0)) / step;
      return typeof answer !== "number" || Math.abs(steps - Math.round(steps)) <= 1e-9 ? null
        : fault(`"${attribute.description}" goes in steps of ${step}${min === null ? "" : ` from ${min}`}.`);
    },
  },
];

export const IMAGE_ROTATION: readonly Rule<Answer>[] = [
  {
    name: "the rotation of the picture is a quarter turn",
    judge: ({ attribute, answer }) => (typeof answer === "number" && [0, 90, 180, 270].includes(answer) ? null : fault(`${named(attribute)} must be 0, 90, 180 or 270 degrees.`)),
  },
];

export const ANGLE: readonly Rule<Answer>[] = [
  { name: "an angle lies between 0 and 360 degrees", judge: ({ attribute, answer }) => (typeof answer === "number" && answer >= 0 && answer <= 360 ? null : fault(`${named(attribute)} must be between 0 and 360 degrees.`)) },
];

export const TEXT: readonly Rule<Answer>[] = [
  { name: "a text is a text", judge: ({ attribute, answer }) => (typeof answer === "string" ? null : fault(`${named(attribute)} must be a text.`)) },
];

export const OFFSET: readonly Rule<Answer>[] = [
  { name: "an offset is a number", judge: ({ attribute, answer }) => (typeof answer === "number" ? null : fault(`${named(attribute)} must be a number.`)) },
];

export const LINKED: readonly Rule<Answer>[] = [
  { name: "a linked object is named by its id", judge: ({ attribute, answer }) => (typeof answer === "string" ? null : fault(`${named(attribute)} must point to an object. Pick one.`)) },
  {
    name: "a linked object is there",
    judge: ({ attribute, answer, context }) => (typeof answer !== "string" || context.labels.has(answer) ? null : fault(`${named(attribute)} points to an object that is not there. Pick another.`)),
  },
  {
    name: "a linked object has an allowed label",
    judge: ({ attribute, answer, context }) => {
      const label = typeof answer === "string" ? context.labels.get(answer) : undefined;
      return isNothing(label) || attribute.allowedLabels.includes(label) ? null : fault(`${named(attribute)} must point to ${anyOf(attribute.allowedLabels)}.`);
    },
  },
];

/** What is wrong with the answers about one thing. */
export function sheetFaults(answers: Json | undefined, scope: Scope, label: string | null, context: Context): Fault[] {
  const { taxonomy, book, strictness } = context;
  const sheet = { answers, known: declaredAt(taxonomy.attributes, scope) };
  const faults = judged(book.sheet, sheet, strictness);
  if (!isNothing(answers) && !isObject(answers)) return faults;
  const given: JsonObject = answers ?? {};
  return [...faults, ...visibleBy(taxonomy.attributes, scope, label, given, book).flatMap((attribute) => (
    below(questionFaults({ attribute, answer: given[attribute.key] }, context), attribute.key)
  ))];
}

/** What is wrong with one answer, or with its absence. */
export function questionFaults(question: Question, context: AnswerContext): Fault[] {
  const { attribute, answer } = question;
  const faults = judged(context.book.question, question, context.strictness);
  return isAnswered(answer) ? [...faults, ...answerFaults({ attribute, answer, context })] : faults;
}

function answerFaults(subject: Answer): readonly Fault[] {
  const { attribute, answer, context: { book, strictness } } = subject;
  switch (attribute.type) {
    case "category": {
      if (!attribute.allowMultiple) return judgedInTurn(book.choice, subject, strictness);
      if (!Array.isArray(answer)) return judgedInTurn(book.choices, subject, strictness);
      const each = (answer as readonly Json[]).flatMap((choice, i) => below(judgedInTurn(book.choice, { ...subject, answer: choice }, strictness), i));
      return [...each, ...judged(book.eachChoice, subject, strictness)];
    }
    case "number": return judgedInTurn(isImageRotation(attribute) ? book.imageRotation : book.number, subject, strictness);
    case "angle": return judgedInTurn(book.angle, subject, strictness);
    case "x_line":
    case "y_line": return judgedInTurn(book.offset, subject, strictness);
    case "linked": return judgedInTurn(book.linked, subject, strictness);
    default: return judgedInTurn(book.text, subject, strictness);
  }
}

function named(attribute: Attribute): string {
  return `"${attribute.description}"`;
}
