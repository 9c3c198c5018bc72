import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, fieldWords, FIELDS, filterWords, readFilter, readSort, withValues, writeQuery } from "./filter.js";

const field = (id: string) => FIELDS.filter((one) => one.id === id)[0];

test("a filter survives the way through the address", () => {
  const filter = { search: ["cat & dog?"], status: ["pending", "error"], tags: ["night", "a b"], start_time: ["2024-01-02"], project: ["x/y"] };
  const query = writeQuery(filter, "-updated_at");
  assert.deepEqual(readFilter(new URLSearchParams(query.toString())), filter);
  assert.equal(readSort(query), "-updated_at");
});

test("equal filters have equal addresses, whatever was chosen first", () => {
  const one = withValues(withValues({}, "tags", ["a"]), "search", ["b"]), other = withValues(withValues({}, "search", ["b"]), "tags", ["a"]);
  assert.equal(writeQuery(one).toString(), writeQuery(other).toString());
});

test("unknown names, empty values and unknown sorts are passed over", () => {
  const query = new URLSearchParams("?status=&colour=red&batch=one&batch=two&sort=colour");
  assert.deepEqual(readFilter(query), { batch: ["one"] });
  assert.equal(readSort(query), "-created_at");
});

test("a body has lists only where the server takes several values", () => {
  assert.deepEqual(bodyOf({ status: ["pending"], batch: ["one"], search: ["x"] }), { search: "x", status: ["pending"], batch: "one" });
});

test("filters are told in words", () => {
  assert.equal(fieldWords({ end_time: ["2024-02-03"] }, field("created")), "up to 2024-02-03");
  assert.equal(fieldWords({ tags: ["a", "b", "c", "d"] }, field("tags")), "a, b and 2 more");
  assert.equal(fieldWords({ customer_review_status: ["pending"] }, field("review")), "To be audited");
  assert.equal(filterWords({}), "all tasks");
  assert.equal(filterWords({ status: ["pending"], tags: ["night"], search: ["car"] }), 'pending tasks, tags night, found by "car"');
});
