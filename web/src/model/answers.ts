import { sameJson, type Json, type JsonObject } from "./json.js";
import { visibleAttributes } from "./conditions.js";
import { setAttribute, setLabel, type Plan } from "./plans.js";
import { overwrite, type Operation } from "./document.js";
import type { Attribute } from "./taxonomy.js";

/** What is known of one of several objects whose answers are shown together. */
export interface Answered {
  readonly label: string | null;
  readonly answers: JsonObject;
}

/** The answer that several objects share; `mixed` when they differ. */
export type Shared = { readonly mixed: false; readonly value: Json | undefined } | { readonly mixed: true };

/** The questions that are asked of every one of the objects, in their own order. */
export function sharedQuestions(attributes: readonly Attribute[], objects: readonly Answered[]): Attribute[] {
  const visible = objects.map(({ label, answers }) => new Set(visibleAttributes(attributes, "object", label, answers).map(({ key }) => key)));
  return attributes.filter(({ key }) => visible.length > 0 && visible.every((keys) => keys.has(key)));
}

export function sharedAnswer(attribute: string, objects: readonly Answered[]): Shared {
  const [first, ...others] = objects.map(({ answers }) => answers[attribute] ?? null);
  return others.every((value) => sameJson(value, first)) ? { mixed: false, value: first ?? undefined } : { mixed: true };
}

/** Answers a question of several objects in one step. */
export function setAttributes(keys: readonly string[], attribute: string, value: Json): Plan {
  return together(keys.map((key) => setAttribute(key, attribute, value)));
}

/** Relabels several objects in one step. */
export function setLabels(keys: readonly string[], label: string | null): Plan {
  return together(keys.map((key) => setLabel(key, label)));
}

/** Several plans as one: each sees what those before it leave behind, and what they do to one object becomes one operation. */
export function together(plans: readonly Plan[]): Plan {
  return (document) => {
    const operations = new Map<string, Operation>();
    let current = document;
    for (const plan of plans) {
      const added = plan(current);
      current = overwrite(current, added);
      for (const operation of added) {
        const address = `${operation.collection}/${operation.key}`;
        const before = operations.get(address);
        operations.set(address, before === undefined ? operation : { ...operation, before: before.before });
      }
    }
    return [...operations.values()].filter(({ before, after }) => !sameJson(before, after));
  };
}


/** The questions that are asked of a link: those whose conditions name its label. */
export function linkQuestions(attributes: readonly Attribute[], label: string, answers: JsonObject): Attribute[] {
  return visibleAttributes(attributes, "link", label, answers);
}
