import type { Link } from "../../model/links.js";
import type { Plan } from "../../model/plans.js";
import type { ToolContext } from "../Tool.js";
import type { LineDrag } from "./lines.js";
import type { Picking } from "./picking.js";

/** What the pointer is busy with besides shapes. Inputs are for these before they are for the tool. */
export interface Hand {
  /** An object is to be picked, for an answer or for a link. */
  readonly picking: Picking | null;
  /** A line across an object is being placed. */
  readonly line: LineDrag | null;
  /** The selected link. */
  readonly link: string | null;
}

export const EMPTY_HAND: Hand = { picking: null, line: null, link: null };

export interface HandContext extends ToolContext {
  readonly links: readonly Link[];
  /** Whether the tool in use is the one that selects. */
  readonly selecting: boolean;
  /** A label as people read it. */
  name(label: string): string;
}

/** What came of an input. Only what is given changes. */
export interface HandResult {
  readonly hand: Hand;
  readonly plan?: Plan;
  readonly notice?: string;
  readonly cursor?: string;
  readonly hover?: string | null;
  /** The selection of objects ends. */
  readonly deselect?: boolean;
}
