import { useState, type KeyboardEvent, type ReactElement } from "react";
import type { Json } from "../../model/json.js";
import { leavesOf, type LabelNode } from "../../model/taxonomy.js";
import { matching } from "../search.js";

interface Props {
  readonly id: string;
  readonly name: string;
  readonly choices: readonly LabelNode[];
  readonly chosen: readonly Json[];
  readonly multiple: boolean;
  readonly locked: boolean;
  readonly onToggle: (choice: string) => void;
}

/** Many choices as a tree under their headings, with a search above; Enter in the search takes the first one found. */
export function ChoiceTree({ id, name, choices, chosen, multiple, locked, onToggle }: Props): ReactElement {
  const [query, setQuery] = useState("");
  const shown = query.trim() === "" ? choices : filtered(choices, query, []);
  const found = leavesOf(shown);
  const names = leavesOf(choices).filter(({ choice }) => chosen.includes(choice)).map(({ headings, display }) => [...headings, display].join(" › "));
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || found.length === 0) return;
    onToggle(found[0].choice);
    setQuery("");
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="choice-tree">
      {names.length > 0 && <p className="chosen-words">{names.join(", ")}</p>}
      <input type="search" placeholder={`Search ${leavesOf(choices).length} choices`} aria-label={`Search: ${name}`} value={query} disabled={locked} onChange={(event) => setQuery(event.target.value)} onKeyDown={onKey} autoComplete="off" spellCheck={false} />
      <div className="choice-scroll">
        <Branch id={id} nodes={shown} depth={0} chosen={chosen} multiple={multiple} locked={locked} onToggle={onToggle} />
        {found.length === 0 && <p className="faint">No choice matches.</p>}
      </div>
    </div>
  );
}

type BranchProps = Omit<Props, "name" | "choices"> & { readonly nodes: readonly LabelNode[]; readonly depth: number };

function Branch({ nodes, depth, ...rest }: BranchProps): ReactElement {
  const { id, chosen, multiple, locked, onToggle } = rest;
  return (
    <>
      {nodes.map((node) => (node.children.length > 0 ? (
        <div key={node.choice} role="group" aria-label={node.display}>
          <div className="choice-heading" style={{ paddingLeft: depth * 14 }} aria-hidden="true">{node.display}</div>
          <Branch nodes={node.children} depth={depth + 1} {...rest} />
        </div>
      ) : (
        <label key={node.choice} className="leaf" style={{ paddingLeft: depth * 14 + 2 }}>
          <input type={multiple ? "checkbox" : "radio"} name={id} disabled={locked} checked={chosen.includes(node.choice)} onChange={() => onToggle(node.choice)} />
          <span>{node.display}</span>
        </label>
      )))}
    </>
  );
}

/** The tree without what does not match; a heading that matches keeps all that stands under it. */
function filtered(nodes: readonly LabelNode[], query: string, headings: readonly string[]): LabelNode[] {
  return nodes.flatMap((node): LabelNode[] => {
    const path = [...headings, node.display];
    if (node.children.length === 0) return matching([...path, node.choice], query) ? [node] : [];
    const children = filtered(node.children, query, path);
    return children.length === 0 ? [] : [{ ...node, children }];
  });
}
