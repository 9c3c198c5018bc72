import type { ReactElement } from "react";
import type { Json } from "../../model/json.js";
import { JsonTree } from "../../ui/JsonTree.js";
import type { TaskTabProps } from "./TaskPage.js";

/** The answer as the API gives it. */
export function ResponseTab({ view: { task, response_text: text } }: TaskTabProps): ReactElement {
  if (task.response === undefined) return <p className="card idle">There is no answer yet.</p>;
  return (
    <section className="card" aria-label="Response">
      <JsonTree name="Response" value={task.response as Json} file={`${task.task_id}.response.json`} {...(text === undefined ? {} : { text })} />
    </section>
  );
}
