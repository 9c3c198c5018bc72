import type { ReactElement } from "react";
import type { Turn } from "../../math/turn.js";
import { answerOf, turnsOf } from "../../model/rotation.js";
import { Icon } from "../Icon.js";
import { Question, type FieldProps } from "./Question.js";

/** The picture's rotation, which is answered by turning the picture. */
export function RotationField({ id, attribute, mixed, fault, locked, turn, onAnswer }: FieldProps & { readonly turn: Turn }): ReactElement {
  const turns = turnsOf(attribute);
  const by = (steps: number) => onAnswer(answerOf(attribute, turns[(turns.indexOf(turn) + steps + turns.length) % turns.length] ?? turns[0]));
  return (
    <Question id={id} attribute={attribute} mixed={mixed} fault={fault} grouped>
      <div className="number-line">
        <button disabled={locked} onClick={() => by(-1)} aria-label="Turn the picture anticlockwise" title="Turn anticlockwise"><Icon name="turnleft" size={18} /></button>
        <output className="turn" aria-live="polite">{turn}°</output>
        <button disabled={locked} onClick={() => by(1)} aria-label="Turn the picture clockwise" title="Turn clockwise"><Icon name="turnright" size={18} /></button>
        <span className="faint">clockwise</span>
      </div>
    </Question>
  );
}
