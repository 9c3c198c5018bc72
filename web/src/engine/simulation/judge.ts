import { addressOf, apply, collectionsOf, objectAt, type Document, type Operation } from "../../model/document.js";
import { sameJson, type Json, type JsonObject } from "../../model/json.js";
import type { JournalEntry } from "../journal.js";
import type { LoggedStep } from "../transport.js";
import { POISON } from "./ModelServer.js";
import type { Outcome } from "./Run.js";

/** What is wrong with how a run ended; nothing where no edit was lost, doubled, overtaken or overwritten unasked, and all agree. */
export function judge({ server, made, decided, left, documents, shared, faults }: Outcome): string[] {
  const wrong = [...faults];
  const logged = new Map<string, LoggedStep>();
  let document: Document = server.start;
  const values = new Map<string, (JsonObject | null)[]>();
  for (const step of server.log) {
    if (logged.has(step.id)) wrong.push(`${step.id} is in the log twice`);
    if (!made.has(step.id)) wrong.push(`${step.id} was sent and is in no journal`);
    logged.set(step.id, step);
    const next = apply(document, step.operations);
    if (next === null) wrong.push(`revision ${step.revision} does not follow the one before`);
    else document = next;
    for (const { collection, key, after } of step.operations) {
      const address = addressOf(collection, key);
      values.set(address, [...(values.get(address) ?? [objectAt(server.start, collection, key)]), after]);
    }
  }
  const valuesOf = ({ collection, key }: Operation) => values.get(addressOf(collection, key)) ?? [objectAt(server.start, collection, key)];
  for (const { id, operations } of made.values()) {
    const there = logged.get(id);
    for (const operation of operations) {
      if (decided.has(`${id} ${addressOf(operation.collection, operation.key)}`)) continue;
      const found = there?.operations.find(({ collection, key }) => collection === operation.collection && key === operation.key);
      if (found === undefined) {
        // A change that found its own result there already is the only one that may fall away by itself.
        if (!valuesOf(operation).some((value) => sameJson(value, operation.after))) wrong.push(`${id}: the change of ${operation.key} is lost`);
      } else if (!sameJson(found.after, operation.after)) {
        wrong.push(`${id}: ${operation.key} is not what the person made`);
        // What followed a refused change follows what was there before it.
      } else if (!sameJson(found.before, operation.before) && !(operation.before !== null && POISON in operation.before) && !returns([...made.values()], found)) {
        wrong.push(`${id}: ${operation.key} was written over another's version, and nobody was asked`);
      }
    }
  }
  const free = new Set([...decided].map((change) => change.split(" ")[0]));
  if (!shared) wrong.push(...overtaken(server.log.filter(({ id }) => !free.has(id))));
  for (const { id } of left) wrong.push(`${id} is still in a journal`);
  if ([...logged.values()].some(({ operations }) => operations.some(({ after }) => after !== null && POISON in after))) wrong.push("a refused change is in the log");
  const final = collectionsOf(server.document) as Json;
  if (!sameJson(collectionsOf(document) as Json, final)) wrong.push("the document is not what the log says");
  for (const seen of documents) if (!sameJson(collectionsOf(seen) as Json, final)) wrong.push("the two do not see the same");
  return wrong;
}

/** Whether some step leads back to what was found: where both come to the same in the end, by whatever ways, nobody is asked. */
function returns(made: readonly JournalEntry[], found: Operation): boolean {
  return made.some(({ operations }) => operations.some(({ key, after }) => key === found.key && sameJson(after, found.before)));
}

/** Steps of one writer that stand in the log in another order than they were made; those decided about may. */
function overtaken(log: readonly LoggedStep[]): string[] {
  const last = new Map<string, number>();
  return log.flatMap(({ id, writer, sequence }) => {
    const before = last.get(writer) ?? 0;
    last.set(writer, Math.max(before, sequence));
    return sequence < before ? [`${id} was overtaken`] : [];
  });
}
