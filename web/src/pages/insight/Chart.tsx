import { useEffect, useId, useRef, useState, type ReactElement, type ReactNode } from "react";

interface Props {
  readonly title: string;
  /** What the chart says, in a sentence or two, for those who do not see it. */
  readonly says: string;
  /** The same as a table: heads and rows. */
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly wide?: boolean;
  readonly children: (width: number) => ReactNode;
}

/** A chart in its frame: title, drawing, and its figures as a table for whoever prefers them. */
export function Chart({ title, says, heads, rows, wide = false, children }: Props): ReactElement {
  const heading = useId();
  const [asTable, setAsTable] = useState(false);
  const room = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    if (room.current !== null) observer.observe(room.current);
    return () => observer.disconnect();
  }, []);
  return (
    <section className={`card chart ${wide ? "wide" : ""}`} aria-labelledby={heading}>
      <div className="chart-head">
        <h2 id={heading}>{title}</h2>
        <button className="quiet" aria-pressed={asTable} aria-label={`${title} as a table`} onClick={() => setAsTable(!asTable)}>Table</button>
      </div>
      <div ref={room}>
        {asTable ? <FigureTable name={title} heads={heads} rows={rows} /> : width > 0 && <div role="img" aria-label={`${title}. ${says}`}>{children(width)}</div>}
      </div>
    </section>
  );
}

/** The figures of a chart. Scrolls by itself where they are many, also by the keyboard. */
export function FigureTable({ name, heads, rows }: { name: string; heads: readonly string[]; rows: readonly (readonly string[])[] }): ReactElement {
  return (
    <div className="figure-table" tabIndex={0} role="group" aria-label={name}>
      <table>
        <thead><tr>{heads.map((head, i) => <th key={i} scope="col">{head}</th>)}</tr></thead>
        <tbody>{rows.map((row, i) => <tr key={i}>{row.map((cell, j) => (j === 0 ? <th key={j} scope="row">{cell}</th> : <td key={j}>{cell}</td>))}</tr>)}</tbody>
      </table>
    </div>
  );
}
