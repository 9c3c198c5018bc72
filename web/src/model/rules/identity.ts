import type { JsonObject } from "../json.js";
import { fault, isNothing, type Rule } from "./rule.js";

/** Something with an id, and the ids met before it. */
export interface Identified {
  readonly object: JsonObject;
  readonly seen: Set<string>;
}

const LONGEST = 200;
const bytes = new TextEncoder();

export const IDENTITY: readonly Rule<Identified>[] = [
  {
    name: "what is submitted has an id", onSubmit: true,
    judge: ({ object }) => (isNothing(object.uuid) ? fault("It has no id. Take it back and draw it again.", "uuid") : null),
  },
  {
    name: "an id has 1 to 200 characters",
    judge: ({ object: { uuid } }) => {
      if (isNothing(uuid)) return null;
      // A character has three bytes at most, so that short ids need no counting.
      const right = typeof uuid === "string" && uuid !== "" && (uuid.length * 3 <= LONGEST || bytes.encode(uuid).length <= LONGEST);
      return right ? null : fault("Its id cannot be used. Take it back and draw it again.", "uuid");
    },
  },
  {
    name: "an id stands once",
    judge: ({ object: { uuid }, seen }) => {
      if (typeof uuid !== "string") return null;
      if (seen.has(uuid)) return fault("Another object has the same id. Delete one of them.", "uuid");
      seen.add(uuid);
      return null;
    },
  },
];
