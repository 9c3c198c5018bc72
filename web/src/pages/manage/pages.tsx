import type { ReactElement } from "react";
import type { Api } from "../../api/client.js";
import type { User } from "../../api/types.js";
import { NewProject } from "../projects/NewProject.js";
import { ProjectPage } from "../project/ProjectPage.js";
import { Projects } from "../projects/Projects.js";
import { ActivityPage } from "../insight/ActivityPage.js";
import { DeliveriesPage } from "../insight/DeliveriesPage.js";
import { OverviewPage } from "../insight/OverviewPage.js";
import { SettingsPage } from "../insight/SettingsPage.js";
import { UsagePage } from "../insight/UsagePage.js";
import { ExportsPage } from "../exports/ExportsPage.js";
import { TaskPage } from "../task/TaskPage.js";
import { TasksPage } from "../tasks/TasksPage.js";
import { IntegrationsPage } from "../integrations/IntegrationsPage.js";
import { Keys } from "./Keys.js";
import { OwnWork } from "../people/OwnWork.js";
import { PeoplePages } from "../people/PeoplePages.js";
import { Profile } from "./Profile.js";
import { ADMINS, EVERYBODY, LEADS, TEAM } from "./roles.js";

/** What a page gets to know. */
export interface PageProps {
  readonly api: Api;
  readonly user: User;
  /** The parts of the address after the page's own. */
  readonly rest: readonly string[];
  readonly onRenamed: (name: string) => void;
}

export interface Page {
  readonly path: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** Home has a place of its own in the application. */
  readonly body: ((props: PageProps) => ReactElement) | null;
  /** Tables and the like use the whole width; texts and forms are easier to read in a column. */
  readonly isWide?: boolean;
  /** The page has a heading of its own. */
  readonly ownHeading?: boolean;
  /** It is reached from other pages, not from the bar. */
  readonly isHidden?: boolean;
}

/** The pages besides work in the order of the bar, and the roles that see them. */
export const PAGES: readonly Page[] = [
  { path: "", name: "Home", roles: EVERYBODY, body: null },
  { path: "overview", name: "Overview", roles: LEADS, isWide: true, body: ({ api }) => <OverviewPage api={api} project={null} /> },
  { path: "projects", name: "Projects", roles: TEAM, isWide: true, ownHeading: true, body: (page) => (page.rest.length === 0 ? <Projects {...page} /> : <ProjectPage {...page} />) },
  { path: "new-project", name: "New project", roles: LEADS, isHidden: true, body: (page) => <NewProject {...page} /> },
  { path: "tasks", name: "Tasks", roles: TEAM, isWide: true, body: ({ api, user }) => <TasksPage api={api} user={user} project={null} /> },
  { path: "task", name: "Task", roles: TEAM, isWide: true, ownHeading: true, isHidden: true, body: (page) => <TaskPage key={page.rest[0]} {...page} /> },
  { path: "exports", name: "Exports", roles: TEAM, isWide: true, body: ({ api }) => <ExportsPage api={api} /> },
  { path: "people", name: "People", roles: LEADS, isWide: true, body: (page) => <PeoplePages {...page} /> },
  { path: "keys", name: "API keys", roles: ADMINS, body: (page) => <Keys {...page} /> },
  { path: "integrations", name: "Integrations", roles: ADMINS, body: ({ api }) => <IntegrationsPage api={api} /> },
  { path: "usage", name: "Usage", roles: LEADS, body: ({ api }) => <UsagePage api={api} /> },
  { path: "activity", name: "Activity", roles: LEADS, body: ({ api }) => <ActivityPage api={api} /> },
  { path: "deliveries", name: "Deliveries", roles: LEADS, isWide: true, body: ({ api }) => <DeliveriesPage api={api} /> },
  { path: "settings", name: "Settings", roles: ADMINS, body: ({ api }) => <SettingsPage api={api} /> },
  { path: "history", name: "My work", roles: EVERYBODY, body: ({ api }) => <OwnWork api={api} /> },
  { path: "profile", name: "Profile", roles: EVERYBODY, body: (page) => <Profile {...page} /> },
];

/** The page at an address, if this role sees it; the server decides, this only spares people doors that stay shut. */
export function pageAt(path: string, role: string): Page | null {
  return PAGES.find((page) => page.path === path && page.roles.includes(role)) ?? null;
}

/** The pages that a role finds in the bar. */
export function pagesFor(role: string): readonly Page[] {
  return PAGES.filter(({ roles, isHidden }) => roles.includes(role) && isHidden !== true);
}
