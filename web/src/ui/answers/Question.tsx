import type { KeyboardEvent, ReactElement, ReactNode } from "react";
import type { Json } from "../../model/json.js";
import type { Attribute } from "../../model/taxonomy.js";

/** An object that a linked answer may name. */
export interface LinkTarget {
  readonly key: string;
  readonly name: string;
  readonly label: string | null;
}

export interface FieldProps {
  readonly id: string;
  readonly attribute: Attribute;
  readonly value: Json | undefined;
  /** The objects that are asked at once have different answers. */
  readonly mixed: boolean;
  readonly fault: string | null;
  /** The answer is the customer's and cannot be changed. */
  readonly locked: boolean;
  /** Objects that a linked attribute may point to. */
  readonly targets: readonly LinkTarget[];
  /** Has the target of a linked attribute picked on the canvas. */
  readonly onPick?: () => void;
  /** Shows which object is meant; null ends that. */
  readonly onShow?: (key: string | null) => void;
  /** Has a line drawn across the object, and the greatest offset it can have. */
  readonly onPlace?: () => void;
  readonly most?: number;
  readonly onAnswer: (value: Json) => void;
}

interface Props extends Pick<FieldProps, "id" | "attribute" | "mixed" | "fault"> {
  readonly multiple?: boolean;
  /** Several controls make up the answer, rather than one that the label can name. */
  readonly grouped?: boolean;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly children: ReactNode;
}

/** The frame of a question: its words, whether it has to be answered, and what is wrong with the answer. */
export function Question({ id, attribute, mixed, fault, multiple = false, grouped = false, onKeyDown, children }: Props): ReactElement {
  const notes = [multiple ? "several" : "", attribute.required ? "" : "optional"].filter((word) => word !== "").join(", ");
  const words = <>{attribute.description}{notes !== "" && <span className="faint"> · {notes}</span>}{mixed && <span className="mixed"> · different answers</span>}</>;
  const shared = { "data-question": attribute.key, className: fault === null ? "field" : "field faulty", onKeyDown };
  const below = <p className="fault" id={`${id}-fault`}>{fault}</p>;
  return grouped
    ? <fieldset {...shared} aria-describedby={`${id}-fault`}><legend>{words}</legend>{children}{below}</fieldset>
    : <div {...shared}><label htmlFor={id}>{words}</label>{children}{below}</div>;
}
