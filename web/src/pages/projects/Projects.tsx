import { useMemo, useState, type ReactElement } from "react";
import { projectsOf } from "../../api/projects.js";
import type { PageProps } from "../manage/pages.js";
import { LEADS } from "../manage/roles.js";
import { useList } from "../manage/useList.js";
import { NoProjects, ProjectCard } from "./ProjectCards.js";

/** All projects of the account. */
export function Projects({ api, user }: PageProps): ReactElement {
  const calls = useMemo(() => projectsOf(api), [api]);
  const { rows, fault } = useList(calls.all);
  const [query, setQuery] = useState("");
  const [archived, setArchived] = useState(false);
  const found = rows?.filter((project) => project.archived === archived && project.name.toLocaleLowerCase().includes(query.trim().toLocaleLowerCase())) ?? [];
  return (
    <>
      <div className="section-head">
        <h1>Projects</h1>
        {LEADS.includes(user.role) && <a className="button primary" href="#/new-project">New project</a>}
      </div>
      <p className="form-fault" role="alert">{fault}</p>
      {rows !== null && rows.length > 0 && (
        <div className="line-form">
          <label>Find a project<input type="search" value={query} placeholder="part of its name" onChange={(event) => setQuery(event.target.value)} /></label>
          <label className="tick"><input type="checkbox" checked={archived} onChange={(event) => setArchived(event.target.checked)} />Those put away</label>
        </div>
      )}
      {rows === null ? fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" />
        : rows.length === 0 ? <NoProjects user={user} />
        : found.length === 0 ? <p className="faint">No project matches.</p>
        : <ul className="project-cards">{found.map((project) => <li key={project.id}><ProjectCard project={project} /></li>)}</ul>}
    </>
  );
}
