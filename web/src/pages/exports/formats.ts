import type { ExportFormat } from "../../api/tasks.js";

/** The formats that tasks are exported in; another one is another line. */
export const FORMATS: readonly { readonly format: ExportFormat; readonly name: string; readonly what: string }[] = [
  { format: "jsonl", name: "JSON lines", what: "One task on each line, exactly as the API returns it." },
  { format: "json", name: "JSON", what: "The same as one array, for programs that read a whole file." },
  { format: "csv", name: "CSV", what: "One task a row, for spreadsheets; answers, parameters and metadata as JSON text." },
];

const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

export function sizeWords(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}
