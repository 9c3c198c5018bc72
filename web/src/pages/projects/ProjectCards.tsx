import { useCallback, useEffect, useMemo, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { projectsOf, type ProjectSummary } from "../../api/projects.js";
import type { User } from "../../api/types.js";
import { typeWords } from "../../ui/words.js";
import { LEADS } from "../manage/roles.js";
import { useList } from "../manage/useList.js";
import { linkTo } from "../route.js";
import { Progress } from "./Progress.js";
import "./projects.css";

/** So many are shown on the home page; the list of projects has them all. */
const ON_HOME = 6;
/** Milliseconds between looks at how far they are. */
const LOOK_AGAIN = 30_000;

/** The newest projects, for the home page of those who steer them. */
export function ProjectCards({ api, user }: { api: Api; user: User }): ReactElement {
  const calls = useMemo(() => projectsOf(api), [api]);
  const load = useCallback(async () => (await calls.page({ limit: ON_HOME })).projects, [calls]);
  const { rows, fault, reload } = useList(load);
  useEffect(() => {
    const timer = setInterval(() => { if (document.visibilityState === "visible") reload(); }, LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [reload]);
  return (
    <section className="projects" aria-labelledby="projects-title">
      <div className="section-head">
        <h2 id="projects-title">Projects</h2>
        {LEADS.includes(user.role) && <a className="button" href="#/new-project">New project</a>}
      </div>
      <p className="form-fault" role="alert">{fault}</p>
      {rows === null ? fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" /> : rows.length === 0 ? <NoProjects user={user} /> : (
        <ul className="project-cards">{rows.map((project) => <li key={project.id}><ProjectCard project={project} /></li>)}</ul>
      )}
      {rows?.length === ON_HOME && <p><a href="#/projects">All projects</a></p>}
    </section>
  );
}

/** A project with how far it is and what needs somebody's attention. */
export function ProjectCard({ project }: { project: ProjectSummary }): ReactElement {
  const { batches } = project;
  return (
    <article className="card project-card">
      <div>
        <p className="project-name"><a href={linkTo("projects", project.name)}>{project.name}</a></p>
        <p className="faint">{typeWords(project.type)}{batches.in_progress > 0 ? ` · ${batches.in_progress} ${batches.in_progress === 1 ? "batch" : "batches"} running` : ""}{project.archived ? " · put away" : ""}</p>
      </div>
      <Progress counts={project.counts} />
      {project.attention.length > 0 && <ul className="attention" aria-label="Needs attention">{project.attention.map(({ kind, words }) => <li key={kind}>{words}</li>)}</ul>}
    </article>
  );
}

export function NoProjects({ user }: { user: User }): ReactElement {
  return (
    <div className="card idle">
      <h2>There is no project yet</h2>
      <p>A project is one use case: what is asked of people, the instruction they read, and the tasks that belong to it.</p>
      {LEADS.includes(user.role) && <a className="button primary" href="#/new-project">Create the first project</a>}
    </div>
  );
}
