import assert from "node:assert/strict";
import { test } from "node:test";
import { errorsIn, merged, refusal } from "./submission.js";

test("what the server says about a place that is known to be at fault is not said twice", () => {
  const local = [{ path: "annotations[0].label", message: "Choose a label.", key: "a" }];
  const server = [
    { path: "annotations[0].label", message: "`annotations[0].label` is missing.", key: "a" },
    { path: "annotations[1].width", message: "`annotations[1].width` must be at least 10.", key: "b" },
  ];
  assert.deepEqual(merged(local, server), [local[0], { path: "annotations[1].width", message: "Must be at least 10.", key: "b" }]);
});

test("a refusal counts what has to be fixed", () => {
  assert.equal(refusal(1), "Not submitted: one thing has to be fixed first.");
  assert.equal(refusal(3), "Not submitted: 3 things have to be fixed first.");
});

test("warnings do not stand in the way", () => {
  const error = { path: "annotations[0].label", message: "Choose a label." };
  assert.deepEqual(errorsIn([{ path: "annotations[1]", message: "Odd.", level: "warning" }, error]), [error]);
});
