import type { ReactElement } from "react";
import type { Api } from "../../api/client.js";
import type { JsonObject } from "../../model/json.js";
import { Dialog } from "../../ui/Dialog.js";
import { DryRun } from "../project/versions/DryRun.js";

interface Props {
  readonly api: Api;
  readonly project: string;
  readonly params: JsonObject;
  readonly onSave: () => void;
  readonly onClose: () => void;
}

/** Tells what a change would break of the tasks and answers that there are, before it is saved. */
export function SaveDialog({ api, project, params, onSave, onClose }: Props): ReactElement {
  return (
    <Dialog title="Save a new version" wide onClose={onClose}>
      <p>The change is tried on the tasks and answers of this project. Nothing is stored by that, and they keep the version they were made with.</p>
      <DryRun api={api} project={project} params={params} />
      <div className="actions">
        <button className="primary" onClick={onSave}>Save the version</button>
        <button data-first onClick={onClose}>Go on changing</button>
      </div>
    </Dialog>
  );
}
