import type { ReactElement } from "react";
import { wrapAngle } from "../../math/dial.js";
import { Dial } from "./Dial.js";
import { Question, type FieldProps } from "./Question.js";
import { numberFrom, NumberInput, textOf } from "./TypedField.js";
import { usePending } from "./usePending.js";

/** An angle: turned on the dial, with the keys, or typed. */
export function AngleField(props: FieldProps): ReactElement {
  const { id, attribute, mixed, fault, locked, onAnswer } = props;
  const { value, change, flush } = usePending(textOf(props), (typed) => {
    const number = numberFrom(typed);
    onAnswer(typeof number === "number" ? wrapAngle(number) : null);
  });
  const angle = value.trim() === "" || !Number.isFinite(Number(value)) ? null : wrapAngle(Number(value));
  return (
    <Question id={id} attribute={attribute} mixed={mixed} fault={fault}>
      <div className="number-line">
        <Dial name={attribute.description} angle={angle} locked={locked} onTurn={(next) => change(String(next))} onLeave={flush} />
        <NumberInput id={id} value={value} fault={fault} locked={locked} mixed={mixed} step="any" min={0} max={360} onChange={change} onLeave={flush} />
        <span className="faint" title="0 points right, clockwise">° clockwise</span>
      </div>
    </Question>
  );
}
