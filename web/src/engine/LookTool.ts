import type { Input, Tool, ToolContext, ToolResult } from "./Tool.js";

/** Chooses objects to look at and does nothing else: the only tool where work is shown that nobody changes. */
export const LookTool: Tool<null> = {
  id: "look",
  name: "Look",
  key: "V",
  draws: null,
  hint: "Click an object to read what was said about it.",
  start: null,

  on(state: null, input: Input, { items, tolerance, selection }: ToolContext): ToolResult<null> {
    switch (input.kind) {
      case "move": return { state, cursor: items.hit(input.at, tolerance, null) === null ? "default" : "pointer" };
      case "up": {
        // Where objects lie on each other, a click on the one that is chosen goes on to the one under it.
        const under = items.under(input.at, tolerance), at = under.findIndex(({ key }) => key === selection[0]);
        return { state, select: under.length === 0 ? null : under[(at + 1) % under.length].key };
      }
      default: return { state, handled: false };
    }
  },

  preview: () => null,
};
