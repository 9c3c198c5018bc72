import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement } from "react";
import { projectsOf, type Project } from "../../api/projects.js";
import { Boundary } from "../../ui/Boundary.js";
import { Menu } from "../../ui/Menu.js";
import { typeWords } from "../../ui/words.js";
import type { PageProps } from "../manage/pages.js";
import { LEADS } from "../manage/roles.js";
import { words } from "../manage/useList.js";
import { linkTo } from "../route.js";
import { TABS } from "./tabs.js";
import "./project.css";

/** One project: its name, the tabs, and the tab that the address names. */
export function ProjectPage({ api, user, rest: [name, chosen, ...rest] }: PageProps): ReactElement | null {
  const calls = useMemo(() => projectsOf(api), [api]);
  const [project, setProject] = useState<Project | null>(null);
  const [fault, setFault] = useState("");
  const load = useCallback(() => calls.one(name).then((found) => { setProject(found); setFault(""); }, (error: unknown) => setFault(words(error))), [calls, name]);
  useEffect(() => {
    setProject(null);
    void load();
  }, [load]);
  const putAway = () => {
    if (project === null) return;
    if (!project.archived && !window.confirm(`Put "${project.name}" away? It leaves the lists; nothing is deleted, and you can bring it back.`)) return;
    calls.change(project.name, { archived: !project.archived }).then(() => load(), (error: unknown) => setFault(words(error)));
  };
  const tabs = TABS.filter(({ roles }) => roles.includes(user.role));
  const tab = tabs.find(({ id }) => id === (chosen ?? tabs[0].id));
  const bar = useRef<HTMLElement>(null);
  // On a narrow screen the chosen tab may lie outside of what can be seen of the bar.
  useEffect(() => { bar.current?.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest", inline: "nearest" }); }, [tab?.id, project === null]);
  useEffect(() => { document.title = `${name} · Vernier`; }, [name]);
  return (
    <>
      <div className="project-head">
        <p className="crumbs"><a href="#/projects">Projects</a> <span className="faint" aria-hidden="true">/</span></p>
        <h1>{name}</h1>
        {project !== null && <p className="faint">{typeWords(project.type)}{project.archived ? ", put away" : ""}</p>}
        <span className="spring" />
        {project !== null && LEADS.includes(user.role) && <Menu name="More about the project" items={[{ name: project.archived ? "Bring back" : "Put away", keys: "", run: putAway }]} />}
      </div>
      <nav className="project-tabs" aria-label="Project" ref={bar}>
        {tabs.map(({ id, name: title }) => <a key={id} href={linkTo("projects", name, id)} aria-current={id === tab?.id ? "page" : undefined}>{title}</a>)}
      </nav>
      {fault !== "" && <div className="card notice" role="alert"><p>{fault}</p><button onClick={() => void load()}>Try again</button></div>}
      {project === null ? fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" />
        : tab === undefined ? <p>There is no such page in this project. <a href={linkTo("projects", name)}>Open the project</a></p>
        : <Boundary key={`${project.id} ${tab.id}`} name="This tab">{tab.body({ api, user, project, rest, onChanged: () => void load() })}</Boundary>}
    </>
  );
}
