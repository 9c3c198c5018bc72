import type { ReactElement } from "react";
import { AngleField } from "./answers/AngleField.js";
import { ChoiceField } from "./answers/ChoiceField.js";
import { LinkedField } from "./answers/LinkedField.js";
import { OffsetField } from "./answers/OffsetField.js";
import type { FieldProps } from "./answers/Question.js";
import { NumberField, TextField } from "./answers/TypedField.js";
import "./Field.css";

/** One question. A change of the answer is one step; typing becomes one after a short pause or when the field is left. */
export function Field(props: FieldProps): ReactElement {
  switch (props.attribute.type) {
    case "category": return <ChoiceField {...props} />;
    case "linked": return <LinkedField {...props} />;
    case "angle": return <AngleField {...props} />;
    case "x_line":
    case "y_line": return <OffsetField {...props} />;
    case "number": return <NumberField {...props} />;
    default: return <TextField {...props} />;
  }
}
