import type { ReactElement } from "react";
import type { Api } from "../../api/client.js";
import type { Project } from "../../api/projects.js";
import type { User } from "../../api/types.js";
import { Taxonomy } from "../builder/Taxonomy.js";
import { OverviewPage } from "../insight/OverviewPage.js";
import { LEADS, TEAM } from "../manage/roles.js";
import { TasksPage } from "../tasks/TasksPage.js";
import { Batches } from "./batches/Batches.js";
import { Instructions } from "./Instructions.js";
import { NewTasks } from "./newTasks/NewTasks.js";
import { ProjectPeople } from "./people/ProjectPeople.js";
import { Versions } from "./versions/Versions.js";
import { QualityTab } from "./quality/QualityTab.js";
import { Workflow } from "./workflow/Workflow.js";

/** What a tab of a project gets to know. */
export interface TabProps {
  readonly api: Api;
  readonly user: User;
  readonly project: Project;
  /** The parts of the address after the tab's own: `#/projects/<name>/batches/<batch>` gives `[batch]`. */
  readonly rest: readonly string[];
  /** Loads the project again, after something about it has changed. */
  readonly onChanged: () => void;
}

export interface ProjectTab {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly body: (props: TabProps) => ReactElement;
}

/** The tabs of a project in their order; the first one that a role sees is where its page opens. */
export const TABS: readonly ProjectTab[] = [
  { id: "overview", name: "Overview", roles: LEADS, body: ({ api, project }) => <OverviewPage api={api} project={project.name} /> },
  { id: "tasks", name: "Tasks", roles: TEAM, body: ({ api, user, project }) => <TasksPage api={api} user={user} project={project} /> },
  { id: "new-tasks", name: "New tasks", roles: TEAM, body: (tab) => <NewTasks {...tab} /> },
  { id: "batches", name: "Batches", roles: TEAM, body: (tab) => <Batches {...tab} /> },
  { id: "taxonomy", name: "Taxonomy", roles: TEAM, body: (tab) => <Taxonomy {...tab} /> },
  { id: "instructions", name: "Instructions", roles: TEAM, body: (tab) => <Instructions {...tab} /> },
  { id: "versions", name: "Versions", roles: TEAM, body: (tab) => <Versions {...tab} /> },
  { id: "quality", name: "Quality", roles: TEAM, body: (tab) => <QualityTab {...tab} /> },
  { id: "workflow", name: "Workflow", roles: TEAM, body: (tab) => <Workflow {...tab} /> },
  { id: "people", name: "People", roles: LEADS, body: (tab) => <ProjectPeople {...tab} /> },
];
