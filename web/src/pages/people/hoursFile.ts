import type { Hours } from "../../api/staff.js";

/** The rows as a table for other programs; a text that would be a formula in a spreadsheet is kept from being one. */
export function csv(rows: readonly Hours[]): string {
  const cell = (text: string) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replace(/"/g, '""')}"`;
  const lines = rows.map(({ day, person, project, items, seconds }) => [day, cell(person.email), cell(person.name), cell(project ?? ""), items, Math.round(seconds)].join(","));
  return ["day,email,name,project,items,seconds", ...lines, ""].join("\r\n");
}
