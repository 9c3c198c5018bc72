import type { ReactElement } from "react";
import { Icon } from "../Icon.js";
import { SearchSelect } from "../SearchSelect.js";
import { Question, type FieldProps } from "./Question.js";

/** Another object as the answer: picked on the canvas, or from the list. */
export function LinkedField({ id, attribute, value, mixed, fault, locked, targets, onPick, onShow, onAnswer }: FieldProps): ReactElement {
  const chosen = !mixed && typeof value === "string" ? value : null;
  const gone = chosen !== null && !targets.some(({ key }) => key === chosen);
  const options = [
    ...(attribute.required ? [] : [{ value: "", name: "None", path: [] }]),
    ...targets.map(({ key, name }) => ({ value: key, name, path: [] })),
    ...(gone ? [{ value: chosen, name: "An object that is no answer any more", path: [] }] : []),
  ];
  return (
    <Question id={id} attribute={attribute} mixed={mixed} fault={fault}>
      <div className="with-button" onMouseEnter={() => onShow?.(chosen)} onMouseLeave={() => onShow?.(null)}>
        <SearchSelect
          id={id} options={options} value={chosen ?? ""} disabled={locked} describedBy={`${id}-fault`} placeholder={mixed ? "Different answers" : targets.length === 0 ? "There is no such object yet" : "None"}
          onChoose={(key) => onAnswer(key === "" ? null : key)} {...(onShow === undefined ? {} : { onShow: (key: string | null) => onShow(key === "" ? null : key) })}
        />
        {onPick !== undefined && <button disabled={locked || targets.length === 0} onClick={onPick} title="Pick the object on the picture"><Icon name="pick" size={16} /> Pick</button>}
      </div>
    </Question>
  );
}
