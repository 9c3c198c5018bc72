import type { Operation } from "./document.js";
import { isObject, objectsOf, sameJson, type JsonObject } from "./json.js";

/** Annotations handed in with the task, and what may be done with them and beside them. */
export interface BaseAnnotations {
  /** As they were handed in, by uuid, which is their key in the draft. */
  readonly originals: ReadonlyMap<string, JsonObject>;
  readonly canAdd: boolean;
  readonly canEdit: boolean;
  readonly canEditLabels: boolean;
  readonly canDelete: boolean;
}

export const NO_BASE: BaseAnnotations = { originals: new Map(), canAdd: true, canEdit: true, canEditLabels: true, canDelete: true };

export function readBase(params: JsonObject): BaseAnnotations {
  const base = params.base_annotations;
  if (!isObject(base)) return NO_BASE;
  const originals = objectsOf(base.annotations).flatMap((annotation): [string, JsonObject][] => (
    typeof annotation.uuid === "string" ? [[annotation.uuid, annotation]] : []));
  const canEdit = params.can_edit_base_annotations !== false;
  return {
    originals: new Map(originals),
    canAdd: params.can_add_base_annotations !== false,
    canEdit,
    // Locked means locked in every respect, whatever is said of labels.
    canEditLabels: canEdit && params.can_edit_base_annotation_labels !== false,
    canDelete: params.can_delete_base_annotations !== false,
  };
}

/** What is locked about an annotation of the customer's, as a sentence; null for what may be changed freely. */
export function lockWords(base: BaseAnnotations, key: string): string | null {
  if (!base.originals.has(key)) return null;
  const { canEdit, canEditLabels, canDelete } = base;
  if (!canEdit) return `The customer's annotation: it may ${canDelete ? "be removed, but neither moved, relabelled nor answered anew" : "not be changed or removed"}.`;
  if (!canEditLabels) return `The customer's annotation: it may be moved and answered${canDelete ? " and removed" : ""}, but ${canDelete ? "not relabelled" : "neither relabelled nor removed"}.`;
  return canDelete ? null : "The customer's annotation: it may be changed, but not removed.";
}

/** Why new annotations are refused, as a sentence; null where they are welcome. */
export function addWords({ canAdd }: BaseAnnotations): string | null {
  return canAdd ? null : "This task takes no further annotations: only the customer's may be worked on.";
}

/** Why the server would refuse the draft after these operations, in words; null when they touch nothing that is locked. */
export function refusalOf(base: BaseAnnotations, operations: readonly Operation[]): string | null {
  if (base.canAdd && base.originals.size === 0) return null;
  const removes = operations.some(({ collection, key, after }) => collection === "annotations" && after === null && !base.originals.has(key));
  for (const { collection, key, before, after } of operations) {
    if (collection !== "annotations") continue;
    if (!base.originals.has(key)) {
      if (before === null && !base.canAdd) return addWords(base);
      continue;
    }
    if (after === null) {
      if (!base.canDelete) return "This is the customer's annotation; it may not be removed.";
      continue;
    }
    // Taking a removal back brings the annotation back as it was.
    if (before === null) continue;
    if (!base.canEdit && !sameJson(withoutOrder(before), withoutOrder(after))) {
      return removes ? "This cannot be removed: an annotation of the customer's, which is locked, refers to it." : "This is the customer's annotation; it is locked.";
    }
    if (!base.canEditLabels && !sameJson(before.label, after.label)) return "This is the customer's annotation; its label is locked.";
  }
  return null;
}

/** What lies above what is no part of an annotation. */
function withoutOrder({ order: _, ...others }: JsonObject): JsonObject {
  return others;
}
