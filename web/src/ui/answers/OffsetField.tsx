import type { ReactElement } from "react";
import { Icon } from "../Icon.js";
import { Question, type FieldProps } from "./Question.js";
import { numberFrom, NumberInput, textOf } from "./TypedField.js";
import { usePending } from "./usePending.js";

/** An offset: a line drawn across the object, or typed. */
export function OffsetField(props: FieldProps): ReactElement {
  const { id, attribute, value: stored, mixed, fault, locked, most, onPlace, onAnswer } = props;
  const { value, change, flush } = usePending(textOf(props), (typed) => onAnswer(numberFrom(typed)));
  const side = attribute.type === "x_line" ? "left" : "top";
  const drawn = typeof stored === "number";
  return (
    <Question id={id} attribute={attribute} mixed={mixed} fault={fault}>
      <div className="number-line">
        <NumberInput id={id} value={value} fault={fault} locked={locked} mixed={mixed} step="any" min={0} max={most === undefined ? null : Math.round(most * 100) / 100} onChange={change} onLeave={flush} />
        <span className="faint">px from the {side}</span>
        {onPlace !== undefined && (
          <button disabled={locked} onClick={onPlace} title={drawn ? "Place the line anew; it can also be dragged on the picture" : "Draw the line across the object"}><Icon name={attribute.type === "x_line" ? "xline" : "yline"} size={16} /> {drawn ? "Place" : "Draw"}</button>
        )}
      </div>
    </Question>
  );
}
