import type { Command } from "../engine/commands.js";
import type { Review } from "../engine/Review.js";
import type { PageActions } from "./pageCommands.js";

/** The commands of work that is reviewed or was sent back. Elsewhere they have no place, and their keys stay free. */
export function reviewCommands(review: Review | null, actions: () => PageActions): readonly Command[] {
  if (review === null) return [];
  const available = (): true => true;
  const deciding = (): true | string => (review.isReview ? (review.editor.state.get().selection.length > 0 ? true : "Select an object first.") : "Only reviews decide.");
  const reviewing = (): true | string => review.isReview || "Only reviews decide.";
  return [
    { id: "review.accept", name: "Accept the selected objects", group: "Review", keys: ["A"], scope: "work", available: deciding, run: () => void review.decide("accepted") },
    { id: "review.reject", name: "Reject the selected objects", group: "Review", keys: ["X"], scope: "work", available: deciding, run: () => void review.decide("rejected") },
    { id: "review.next", name: "Next object without a verdict", group: "Review", keys: ["J"], scope: "work", available: reviewing, run: () => review.next(1) },
    { id: "review.previous", name: "Object without a verdict before", group: "Review", keys: ["Shift+J"], scope: "work", available: reviewing, run: () => review.next(-1) },
    { id: "review.comment", name: "Comment on the selected object or on a place", group: "Review", keys: ["T"], scope: "work", available, run: () => review.begin() },
    { id: "review.place", name: "Comment on a place", group: "Review", keys: ["Shift+T"], scope: "work", available, run: () => review.place(true) },
    { id: "review.past", name: "Show how it was, or how it is", group: "Review", keys: ["W"], scope: "work", available, run: () => review.lookBack(!review.state.get().past) },
    { id: "review.changed", name: "Show only what changed, or all", group: "Review", keys: ["Shift+W"], scope: "work", available, run: () => review.filter(review.state.get().filter === "changed" ? "all" : "changed") },
    { id: "review.comments", name: "Show the comments", group: "Panels", keys: [], scope: "work", available, run: () => actions().show("comments") },
    { id: "review.sendBack", name: "Send back with what is wrong", group: "Review", keys: ["Ctrl+Shift+Enter"], scope: "work", typing: true, available: reviewing, run: () => actions().sendBack() },
  ];
}
