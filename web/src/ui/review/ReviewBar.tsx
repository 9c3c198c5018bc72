import type { ReactElement } from "react";
import { lastOf, type Filter, type Review } from "../../engine/Review.js";
import { Icon } from "../Icon.js";
import { useKeyOf } from "../Keymap.js";
import { useStore } from "../useStore.js";
import { names } from "./people.js";
import { versionWords } from "./versions.js";
import "./review.css";

const FILTERS: readonly { readonly id: Filter; readonly review: string | null; readonly redo: string | null }[] = [
  { id: "all", review: "All", redo: "All" },
  { id: "changed", review: "Changed", redo: "Changed by the reviewer" },
  { id: "open", review: "Not decided", redo: null },
  { id: "rejected", review: "Rejected", redo: "Rejected" },
];

/** What is reviewed or was sent back, the acts on single objects, and how it was before. */
export function ReviewBar({ review }: { review: Review }): ReactElement {
  const { record, filter, past, compare } = useStore(review.state, (state) => state);
  const selection = useStore(review.editor.state, (state) => state.selection);
  useStore(review.editor.state, (state) => state.document);
  const keyOf = useKeyOf();
  const title = (name: string, id: string) => (keyOf(id) === "" ? name : `${name} (${keyOf(id)})`);
  const isReview = record.kind === "review";
  const decided = review.count("all") - review.count("open");
  const pressed = (verdict: string) => selection.length > 0 && selection.every((key) => review.verdict(key) === verdict);
  return (
    <section className="review-bar" aria-label={isReview ? "Review" : "Sent back"}>
      <p className="review-what">{isReview ? <ReviewWords review={review} /> : <RedoWords review={review} />}</p>
      {isReview && (
        <span className="review-acts" role="group" aria-label="Selected objects">
          <button className="act-accept" aria-pressed={pressed("accepted")} disabled={selection.length === 0 || past} title={title("Accept the selected objects", "review.accept")} onClick={() => void review.decide("accepted")}><span aria-hidden="true">✓</span> Accept object <kbd>{keyOf("review.accept")}</kbd></button>
          <button className="act-reject" aria-pressed={pressed("rejected")} disabled={selection.length === 0 || past} title={title("Reject the selected objects", "review.reject")} onClick={() => void review.decide("rejected")}><span aria-hidden="true">✗</span> Reject object <kbd>{keyOf("review.reject")}</kbd></button>
          <span className="faint review-count" role="status">{decided} of {review.count("all")} decided</span>
        </span>
      )}
      <label className="review-choice">Show <select value={filter} onChange={(event) => review.filter(event.target.value as Filter)}>
        {FILTERS.map(({ id, review: own, redo }) => {
          const words = isReview ? own : redo;
          return words !== null && <option key={id} value={id}>{words} ({review.count(id)})</option>;
        })}
      </select></label>
      <span className="review-past" role="group" aria-label="Earlier and now">
        <label className="review-choice"><span className="hidden">Earlier version</span><select value={compare} onChange={(event) => void review.compareWith(Number(event.target.value))}>
          <option value={0}>As handed in with the task</option>
          {record.versions.map((version) => <option key={version.version} value={version.version}>{versionWords(version.kind, version.level, names(version.by))}</option>)}
        </select></label>
        <button aria-pressed={past} title={title("Show how it was", "review.past")} onClick={() => review.lookBack(!past)}>{past ? "Back to now" : "Show how it was"} <kbd>{keyOf("review.past")}</kbd></button>
      </span>
      <button title={title("Comment on the selected object or on a place", "review.comment")} onClick={() => review.begin()}><Icon name="comment" size={16} /> Comment <kbd>{keyOf("review.comment")}</kbd></button>
    </section>
  );
}

function ReviewWords({ review }: { review: Review }): ReactElement {
  const { record, changes } = useStore(review.state, (state) => state);
  const answer = [...record.versions].reverse().find(({ kind }) => kind !== "review");
  const level = record.levels > 1 ? ` ${record.level} of ${record.levels}` : "";
  const news = [...changes.objects.values()].length + changes.removed.size + changes.others;
  return <>
    <b>Review{level}</b> of the answer by {names(answer?.by ?? null)}{record.attempt > 1 ? `, ${nth(record.attempt)} try` : ""}
    {record.again && <span className="review-news"> · {news === 0 ? "nothing changed since you saw it" : `${news} ${news === 1 ? "thing" : "things"} changed since the last review`}</span>}
  </>;
}

function RedoWords({ review }: { review: Review }): ReactElement {
  const { record } = useStore(review.state, (state) => state);
  const last = lastOf(record.reviews), open = record.threads.filter(({ resolved }) => resolved === null).length;
  const rejected = last?.verdict === "rejected" ? last.rejected.length : 0;
  const parts = [...(rejected > 0 ? [`${rejected} ${rejected === 1 ? "object" : "objects"} rejected`] : []), ...(open > 0 ? [`${open} ${open === 1 ? "comment" : "comments"} to see to`] : [])];
  const from = last?.verdict === "rejected" && last.version === lastOf(record.versions)?.version ? ` by ${names(last.by)}` : "";
  return <><b>Sent back{from}</b>{parts.length > 0 && ` · ${parts.join(", ")}`}</>;
}

function nth(count: number): string {
  return count === 2 ? "2nd" : count === 3 ? "3rd" : `${count}th`;
}
