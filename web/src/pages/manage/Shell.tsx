import type { ReactElement, ReactNode } from "react";
import type { User } from "../../api/types.js";
import { Mark } from "../../ui/Icon.js";
import "./manage.css";

const LEADS = ["admin", "manager"];

/** The pages besides work, and the roles that see them. */
const PAGES: readonly { readonly path: string; readonly name: string; readonly roles: readonly string[] }[] = [
  { path: "", name: "Home", roles: ["admin", "manager", "member", "labeler"] },
  { path: "people", name: "People", roles: LEADS },
  { path: "keys", name: "API keys", roles: ["admin"] },
  { path: "profile", name: "Profile", roles: ["admin", "manager", "member", "labeler"] },
];

/** Whether a page is one for this role; the server decides, this only spares people doors that stay shut. */
export function mayOpen(path: string, role: string): boolean {
  return PAGES.some((page) => page.path === path && page.roles.includes(role));
}

/** The pages that a role sees, besides work. */
export function pagesFor(role: string): readonly { readonly path: string; readonly name: string }[] {
  return PAGES.filter(({ roles }) => roles.includes(role));
}

/** The links between pages, for a bar at the top. */
export function Navigation({ user, here }: { user: User; here: string }): ReactElement {
  return (
    <nav className="pages" aria-label="Pages">
      {pagesFor(user.role).map(({ path, name }) => (
        <a key={path} href={`#/${path}`} aria-current={path === here ? "page" : undefined}>{name}</a>
      ))}
    </nav>
  );
}

interface Props {
  readonly user: User;
  readonly here: string;
  readonly title: string;
  readonly onSignOut: () => void;
  readonly children: ReactNode;
}

/** A page besides work: bar, title, content. */
export function Shell({ user, here, title, onSignOut, children }: Props): ReactElement {
  return (
    <div className="home">
      <header className="bar">
        <span className="brand-small"><Mark /> <b>Vernier</b></span>
        <Navigation user={user} here={here} />
        <span className="spring" />
        <span className="person">{user.name === "" ? user.email : user.name}</span>
        <button className="quiet" onClick={onSignOut}>Sign out</button>
      </header>
      <main className="manage">
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  );
}
