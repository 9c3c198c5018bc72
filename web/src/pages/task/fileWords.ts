import type { FileConversion, FileFacts, TaskAttachment } from "../../api/tasks.js";

/** What is known of a file beyond its type and size: what it is like, how it is shown, and what made that. */
export function fileWords({ facts = {}, conversions = [], declared_type, mime_type }: TaskAttachment): readonly string[] {
  const shown = conversions.find(({ kind }) => kind === "display"), pages = conversions.find(({ kind }) => kind === "page");
  return [
    likeness(facts),
    declared_type !== undefined && mime_type !== undefined && essence(declared_type) !== mime_type ? `sent as ${essence(declared_type)}` : "",
    shown === undefined ? "" : `shown as ${made(shown)}`,
    pages === undefined ? "" : `${pages.count ?? 1} ${pages.count === 1 ? "page" : "pages"} as ${made(pages)}`,
  ].filter((words) => words !== "");
}

function made({ mime_type, tool }: FileConversion): string {
  return `${mime_type}, made by ${tool}`;
}

function essence(type: string): string {
  return type.split(";")[0].trim().toLowerCase();
}

function likeness(facts: FileFacts): string {
  const { orientation = 1, bits = 8, frames = 1, duration, frame_rate, video_codec, audio_codec, sample_rate } = facts;
  return [
    duration === undefined ? "" : `${Math.round(duration * 10) / 10} s`,
    video_codec ?? "", frame_rate === undefined ? "" : `${frame_rate} pictures a second`,
    audio_codec ?? "", sample_rate === undefined ? "" : `${sample_rate} Hz`,
    orientation === 1 ? "" : `stored turned (orientation ${orientation})`,
    bits === 8 ? "" : `${bits} bits`, frames === 1 ? "" : `${frames} frames`,
    facts.is_srgb === false ? "colours of its own" : "",
  ].filter((words) => words !== "").join(", ");
}
