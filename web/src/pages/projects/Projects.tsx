import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement } from "react";
import { projectsOf, type ProjectSummary } from "../../api/projects.js";
import type { PageProps } from "../manage/pages.js";
import { LEADS } from "../manage/roles.js";
import { words } from "../manage/useList.js";
import { NoProjects, ProjectCard } from "./ProjectCards.js";

/** Milliseconds after the last letter before the server is asked. */
const PAUSE = 250;
const AT_ONCE = 48;

interface Found {
  readonly projects: readonly ProjectSummary[];
  readonly next: string | null;
}

/** All projects of the account, newest first. */
export function Projects({ api, user }: PageProps): ReactElement {
  const calls = useMemo(() => projectsOf(api), [api]);
  const [found, setFound] = useState<Found | null>(null);
  const [fault, setFault] = useState("");
  const [query, setQuery] = useState("");
  const [archived, setArchived] = useState(false);
  const [asked, setAsked] = useState("");
  /** Answers to what was asked before must not overwrite later ones. */
  const turn = useRef(0);
  const load = useCallback(async (before: Found | null) => {
    const own = ++turn.current;
    try {
      const { projects, next } = await calls.page({ search: asked, archived, limit: AT_ONCE, cursor: before?.next ?? "" });
      if (own !== turn.current) return;
      setFound({ projects: [...(before?.projects ?? []), ...projects], next: next ?? null });
      setFault("");
    } catch (error) {
      if (own === turn.current) setFault(words(error));
    }
  }, [calls, asked, archived]);
  useEffect(() => void load(null), [load]);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(query.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [query]);
  const isWhole = asked === "" && !archived;
  return (
    <>
      <div className="section-head">
        <h1>Projects</h1>
        {LEADS.includes(user.role) && <a className="button primary" href="#/new-project">New project</a>}
      </div>
      <div className="line-form">
        <label>Find a project<input type="search" value={query} placeholder="part of its name" onChange={(event) => setQuery(event.target.value)} /></label>
        <label className="tick"><input type="checkbox" checked={archived} onChange={(event) => setArchived(event.target.checked)} />Those put away</label>
      </div>
      <p className="form-fault" role="alert">{fault}</p>
      {found === null ? fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" />
        : found.projects.length > 0 ? <ul className="project-cards">{found.projects.map((project) => <li key={project.id}><ProjectCard project={project} /></li>)}</ul>
        : isWhole ? <NoProjects user={user} /> : <p className="faint" role="status">No project matches.</p>}
      {found?.next != null && <div><button onClick={() => void load(found)}>Show more</button></div>}
    </>
  );
}
