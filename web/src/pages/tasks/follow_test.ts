import assert from "node:assert/strict";
import { test } from "node:test";
import type { TaskRow } from "../../api/tasks.js";
import { follow } from "./follow.js";

function row(id: string, more: Partial<TaskRow> = {}): TaskRow {
  return {
    task_id: id, unique_id: null, type: "imageannotation", status: "pending", stage: "queued", project: null, batch: null, priority: 10, tags: [], metadata: {},
    created_at: "", updated_at: "", started_at: null, completed_at: null, customer_review_status: null, callback_succeeded: null, is_test: false, error: null,
    attachments: 1, thumbnail: { url: "/files/a", width: 10, height: 10 }, shapes: [], shape_count: null, ...more,
  };
}

test("rows follow in place, and keep the pictures that are shown", () => {
  const shown = [row("c"), row("b"), row("a")];
  const { rows, moved } = follow(shown, [row("c"), row("b", { status: "completed", thumbnail: { url: "/files/other", width: 10, height: 10 } }), row("a")]);
  assert.equal(moved, false);
  assert.deepEqual(rows.map(({ status }) => status), ["pending", "completed", "pending"]);
  assert.equal(rows[1].thumbnail?.url, "/files/a");
  assert.equal(rows[0], shown[0]);
});

test("nothing is drawn again where only the addresses of pictures are new", () => {
  const shown = [row("a")];
  assert.equal(follow(shown, [row("a", { thumbnail: { url: "/files/other", width: 10, height: 10 } })]).rows, shown);
});

test("tasks that came, went or changed places are told and not shown by themselves", () => {
  const shown = [row("b"), row("a")];
  for (const now of [[row("c"), row("b")], [row("b")], [row("a"), row("b")], []]) {
    const found = follow(shown, now);
    assert.equal(found.moved, true);
    assert.deepEqual(found.rows.map(({ task_id: id }) => id), ["b", "a"]);
  }
});
