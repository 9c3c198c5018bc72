import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement, type ReactNode } from "react";
import type { User } from "../../api/types.js";
import { Mark } from "../../ui/Icon.js";
import { useRoute } from "../route.js";
import { pagesFor, type Page } from "./pages.js";
import "./manage.css";

interface BarProps {
  readonly user: User;
  readonly here: string;
  readonly onSignOut: () => void;
}

/** The bar at the top of every page besides work: the other pages, and who is signed in. */
export function Bar({ user, here, onSignOut }: BarProps): ReactElement {
  return (
    <header className="bar">
      <span className="brand-small"><Mark /> <b>Vernier</b></span>
      <Navigation user={user} here={here} />
      <span className="spring" />
      <span className="person">{user.name === "" ? user.email : user.name}</span>
      <button className="quiet" onClick={onSignOut}>Sign out</button>
    </header>
  );
}

/** The links between pages; where there is no room for them they fold into a menu. */
function Navigation({ user, here }: { user: User; here: string }): ReactElement {
  const [open, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null), button = useRef<HTMLButtonElement>(null);
  const pages = pagesFor(user.role);
  const route = useRoute();
  useEffect(() => setOpen(false), [route]);
  useEffect(() => {
    if (!open) return undefined;
    const away = (event: Event) => { if (!whole.current?.contains(event.target as Node)) setOpen(false); };
    document.addEventListener("pointerdown", away, true);
    document.addEventListener("focusin", away);
    return () => {
      document.removeEventListener("pointerdown", away, true);
      document.removeEventListener("focusin", away);
    };
  }, [open]);
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !open) return;
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div className={`navigation ${open ? "open" : ""}`} data-many={pages.length > 3} ref={whole} onKeyDown={onKey}>
      <button ref={button} className="navigation-button" aria-expanded={open} onClick={() => setOpen(!open)}>{pages.find(({ path }) => path === here)?.name ?? "Pages"}<span aria-hidden="true"> ▾</span></button>
      <nav className="pages" aria-label="Pages">
        {pages.map(({ path, name }) => <a key={path} href={`#/${path}`} aria-current={path === here ? "page" : undefined} onClick={() => setOpen(false)}>{name}</a>)}
      </nav>
    </div>
  );
}

interface Props {
  readonly user: User;
  readonly page: Page;
  readonly onSignOut: () => void;
  readonly children: ReactNode;
}

/** A page besides work: bar, title, content. */
export function Shell({ user, page, onSignOut, children }: Props): ReactElement {
  useEffect(() => {
    document.title = `${page.name} · Vernier`;
    return () => { document.title = "Vernier"; };
  }, [page]);
  return (
    <div className="home">
      <Bar user={user} here={page.path} onSignOut={onSignOut} />
      <main className={`manage ${page.isWide === true ? "wide" : ""}`}>
        {page.ownHeading !== true && <h1>{page.name}</h1>}
        {children}
      </main>
    </div>
  );
}
