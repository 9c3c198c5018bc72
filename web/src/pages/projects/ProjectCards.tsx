import { useMemo, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { projectsOf, type Project } from "../../api/projects.js";
import type { User } from "../../api/types.js";
import { typeWords } from "../../ui/words.js";
import { LEADS } from "../manage/roles.js";
import { dayOf, useList } from "../manage/useList.js";
import { linkTo } from "../route.js";
import "./projects.css";

/** So many are shown on the home page; the list of projects has them all. */
const ON_HOME = 6;

/** The projects of the account, for the home page of those who steer them. */
export function ProjectCards({ api, user }: { api: Api; user: User }): ReactElement {
  const calls = useMemo(() => projectsOf(api), [api]);
  const { rows, fault } = useList(calls.all);
  const open = rows?.filter(({ archived }) => !archived) ?? null;
  return (
    <section className="projects" aria-labelledby="projects-title">
      <div className="section-head">
        <h2 id="projects-title">Projects</h2>
        {LEADS.includes(user.role) && <a className="button" href="#/new-project">New project</a>}
      </div>
      <p className="form-fault" role="alert">{fault}</p>
      {open === null ? fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" /> : open.length === 0 ? <NoProjects user={user} /> : (
        <ul className="project-cards">{open.slice(0, ON_HOME).map((project) => <li key={project.id}><ProjectCard project={project} /></li>)}</ul>
      )}
      {open !== null && open.length > ON_HOME && <p><a href="#/projects">All {open.length} projects</a></p>}
    </section>
  );
}

export function ProjectCard({ project }: { project: Project }): ReactElement {
  return (
    <a className="card project-card" href={linkTo("projects", project.name)}>
      <b className="project-name">{project.name}</b>
      <span className="faint">{typeWords(project.type)} · since {dayOf(project.created_at)}</span>
    </a>
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
