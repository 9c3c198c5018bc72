import type { ReactElement } from "react";
import type { TabProps } from "../tabs.js";
import { Consensus } from "./Consensus.js";
import { ReviewLevels } from "./ReviewLevels.js";
import "./workflow.css";

/** How the answers of a project become final. */
export function Workflow(tab: TabProps): ReactElement {
  return (
    <div className="workflow">
      <ReviewLevels {...tab} />
      <Consensus {...tab} />
    </div>
  );
}
