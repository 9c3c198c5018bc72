import type { ReactElement } from "react";
import { REVIEWS, STATUSES } from "./filter.js";

const STAGES: { readonly [stage: string]: string } = {
  ingesting: "Files are fetched", staged: "In a batch that is not launched", queued: "Queued", working: "In progress", reviewing: "In review", validating: "Being validated",
};

/** A status as a mark and a word; the marks differ in shape, so that they can be told apart without colour. */
export function StatusMark({ status, stage = "" }: { status: string; stage?: string }): ReactElement {
  const name = STATUSES.find(([word]) => word === status)?.[1] ?? status;
  return (
    <span className={`status ${status}`}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        {status === "completed" ? <path d="M1 5.5l2.8 2.8L9 2" fill="none" stroke="currentColor" strokeWidth="2" />
          : status === "error" ? <path d="M5 .5l4.6 8.8H.4z" fill="currentColor" />
          : status === "canceled" ? <path d="M1.5 1.5l7 7M8.5 1.5l-7 7" stroke="currentColor" strokeWidth="1.8" />
          : <circle cx="5" cy="5" r="3.6" fill="none" stroke="currentColor" strokeWidth="1.8" />}
      </svg>
      <span>{name}{status === "pending" && stage in STAGES && <span className="faint stage-words">{stageWords(stage)}</span>}</span>
    </span>
  );
}

export function stageWords(stage: string): string {
  return STAGES[stage] ?? stage;
}

export function reviewWords(review: string): string {
  return REVIEWS.find(([word]) => word === review)?.[1] ?? review;
}
