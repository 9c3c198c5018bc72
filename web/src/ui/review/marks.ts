import { useSyncExternalStore } from "react";
import type { Filter, Review } from "../../engine/Review.js";

/** A few words beside an object's name. */
export interface Mark {
  readonly look: string;
  readonly text: string;
  readonly words: string;
}

/** What was decided about an object, and what is new of it. */
export function marksOf(review: Review, key: string): readonly Mark[] {
  const verdict = review.verdict(key), change = review.isNews ? review.state.get().changes.objects.get(key) : undefined;
  return [
    ...(verdict === null ? [] : [{ look: verdict, text: verdict === "accepted" ? "✓" : "✗", words: verdict }]),
    ...(change === undefined ? [] : [{ look: "news", text: change.kind, words: change.kind === "new" ? "new" : `changed: ${change.parts.join(", ")}` }]),
  ];
}

/** How many threads of comments are not settled. */
export function unsettled(review: Review): number {
  return review.state.get().record.threads.filter(({ resolved }) => resolved === null).length;
}

/** How many threads wait for whoever has the work: neither settled nor answered. */
export function unanswered(review: Review): number {
  return review.state.get().record.threads.filter(({ resolved, comments }) => resolved === null && comments[comments.length - 1]?.by?.own !== true).length;
}

export function useUnsettled(review: Review | null): number {
  return useReview(review, 0, unsettled);
}

/** Whether a comment is being begun. */
export function useBeginning(review: Review | null): boolean {
  return useReview(review, false, (open) => open.state.get().beginning !== null);
}

export function useFilter(review: Review | null): Filter {
  return useReview<Filter>(review, "all", (open) => open.state.get().filter);
}

/** A part of the review's state, or what stands for it where nothing is reviewed. */
function useReview<T>(review: Review | null, none: T, read: (review: Review) => T): T {
  return useSyncExternalStore(review?.state.subscribe ?? never, () => (review === null ? none : read(review)));
}

function never(): () => void {
  return () => undefined;
}
