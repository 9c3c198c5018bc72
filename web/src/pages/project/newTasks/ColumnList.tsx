import type { ReactElement } from "react";
import type { ImportColumn } from "../../../api/imports.js";

const TARGETS: readonly (readonly [string, string])[] = [
  ["attachment", "the data: address or text"], ["unique_id", "unique id"], ["priority", "priority"], ["tags", "tags"],
  ["instruction", "instruction"], ["callback_url", "callback address"],
];

interface Props {
  readonly columns: readonly ImportColumn[];
  /** What people decided; null while the server's guesses hold. */
  readonly chosen: { readonly [name: string]: string } | null;
  readonly onChoose: (columns: { readonly [name: string]: string }) => void;
}

/** What each column of a table is for. */
export function ColumnList({ columns, chosen, onChoose }: Props): ReactElement {
  const targetOf = ({ name, target }: ImportColumn) => (chosen === null ? target : chosen[name] ?? "");
  const all = Object.fromEntries(columns.map((column) => [column.name, targetOf(column)]));
  return (
    <table className="list import-columns">
      <thead><tr><th>Column</th><th>For example</th><th>Is for</th></tr></thead>
      <tbody>
        {columns.map((column) => {
          const target = targetOf(column), own = `metadata.${column.name}`, param = `params.${column.name}`;
          const options: readonly (readonly [string, string])[] = [...TARGETS, [own, `metadata: ${column.name}`], [param, `parameter: ${column.name}`], ["", "nothing, leave it out"]];
          return (
            <tr key={column.name}>
              <td><b>{column.name}</b></td>
              <td className="faint">{column.example}</td>
              <td>
                <select aria-label={`What ${column.name} is for`} value={target} onChange={(event) => onChoose({ ...all, [column.name]: event.target.value })}>
                  {!options.some(([value]) => value === target) && <option value={target}>{target}</option>}
                  {options.map(([value, name]) => <option key={value} value={value}>{name}</option>)}
                </select>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
