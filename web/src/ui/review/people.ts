import type { Colleague } from "../../model/review.js";

/** How somebody is called: "you" for whoever reads it. */
export function names(person: Colleague | null): string {
  return person === null ? "the program" : person.own ? "you" : person.name;
}
