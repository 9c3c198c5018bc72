import { auditsOf, type AuditDetails, type VerdictBody } from "../../api/audits.js";
import type { Api } from "../../api/client.js";
import type { Work } from "../../api/types.js";
import { go, goInstead, linkTo } from "../route.js";

/** A task that is open for a customer's verdict. */
export interface Audit {
  readonly details: AuditDetails;
  /** The verdict that the next handing in carries. */
  readonly verdict: { current: VerdictBody | null };
}

/** Why nothing can be drawn at first. */
export const LOOKING = "This is shown for your verdict. Press Fix to change something.";

const KEY = "audit.sample.";

/** Opens a completed task, or the next of a sample, in the editor; resolves to whether there was one. */
export async function startAudit(api: Api, which: { readonly sample?: string; readonly task?: string }, instead = false): Promise<boolean> {
  const { work } = await auditsOf(api).open(which);
  if (work === null) return false;
  if (which.sample !== undefined) sessionStorage.setItem(KEY + work, which.sample);
  (instead ? goInstead : go)(`work/${work}`);
  return true;
}

/** The sample that this person goes through; it is known in this tab only. */
export function sampleOf(work: string): string | null {
  return sessionStorage.getItem(KEY + work);
}

export async function openAudit(api: Api, work: Work): Promise<Audit> {
  return { details: await auditsOf(api).details(work.id, sampleOf(work.id)), verdict: { current: null } };
}

/** Where a person goes who is done with an audit: the quality of the project, or the task. */
export function afterAudit(work: Work): string {
  return (work.project === null ? linkTo("task", work.task) : linkTo("projects", work.project, "quality")).replace("#/", "");
}
