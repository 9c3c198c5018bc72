import type { ReactElement } from "react";
import { put } from "../../model/building/members.js";
import { numberOf } from "../../model/json.js";
import { NumberInput } from "./DraftInput.js";
import { issuesAt, type PartProps } from "./edit.js";
import { Issues } from "./Issues.js";

const MARGINS = [["padding", "Around, pixels"], ["paddingX", "Left and right instead"], ["paddingY", "Top and bottom instead"]] as const;

/** The room around the picture that may be drawn on. */
export function PictureOptions({ params, edit, issues }: PartProps): ReactElement {
  return (
    <section className="builder-part" aria-labelledby="margins-title">
      <h2 id="margins-title">Room around the picture</h2>
      <div className="option-grid">
        {MARGINS.map(([member, label]) => <NumberInput key={member} label={label} least={0} value={numberOf(params[member])} onCommit={(value) => edit((now) => put(now, [member], value ?? undefined))} />)}
      </div>
      <Issues issues={MARGINS.flatMap(([member]) => issuesAt(issues, member))} />
    </section>
  );
}
