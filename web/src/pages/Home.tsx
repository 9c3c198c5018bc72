import { useCallback, useEffect, useState, type ReactElement } from "react";
import { ApiError, type Api } from "../api/client.js";
import type { Summary, User } from "../api/types.js";
import type { Journal, Waiting } from "../engine/journal.js";
import { Icon } from "../ui/Icon.js";
import { typeWords } from "../ui/words.js";
import { TEAM } from "./manage/roles.js";
import { Bar } from "./manage/Shell.js";
import { ProjectCards } from "./projects/ProjectCards.js";
import { go } from "./route.js";

const LOOK_AGAIN = 15_000;

interface Props {
  readonly api: Api;
  readonly user: User;
  readonly journal: Journal;
  readonly onSignOut: () => void;
}

/** Where a person begins: one button that opens the next piece of work and says what it is. */
export function Home({ api, user, journal, onSignOut }: Props): ReactElement {
  const [summary, setSummary] = useState<Summary | null>(null);
  const [fault, setFault] = useState("");
  const [waiting, setWaiting] = useState<readonly Waiting[]>([]);
  const look = useCallback(() => {
    api.summary().then((next) => { setSummary(next); setFault(""); }, (error: unknown) => {
      if (!(error instanceof ApiError && error.status === 401)) setFault(error instanceof Error ? error.message : String(error));
    });
    void journal.waiting(user.id).then(setWaiting);
  }, [api, journal, user.id]);
  useEffect(() => {
    look();
    const timer = setInterval(() => { if (document.visibilityState === "visible") look(); }, LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [look]);
  const drop = ({ work }: Waiting) => void journal.discard(work, user.id).then(look);
  const next = summary?.continue ?? null;
  return (
    <div className="home">
      <Bar user={user} here="" onSignOut={onSignOut} />
      <main className="home-main">
        <h1>Hello{user.name === "" ? "" : `, ${user.name.split(" ")[0]}`}</h1>
        {summary === null && fault === "" && <div className="continue skeleton" aria-label="Loading" role="status" />}
        {fault !== "" && <div className="card notice" role="alert"><p>{fault} What you did before is safe.</p><button onClick={look}>Try again</button></div>}
        {summary !== null && next !== null && (
          <button className="continue" onClick={() => go("work")}>
            <span className="continue-words">
              <span className="continue-title">Continue</span>
              <span className="continue-what">{typeWords(next.type)}{next.project === null ? "" : ` · ${next.project}`}</span>
              <span className="continue-why">{sentence(next.reason)}</span>
            </span>
            <Icon name="arrow" size={32} />
          </button>
        )}
        {summary !== null && next === null && (
          <div className="card idle">
            <h2>Nothing is waiting for you</h2>
            <p>New work appears here by itself as soon as there is some.</p>
            <button onClick={look}>Look again</button>
          </div>
        )}
        {summary !== null && (
          <dl className="figures">
            <div><dd>{summary.today.submitted.toLocaleString()}</dd><dt>submitted today</dt></div>
            <div><dd>{summary.queue.waiting.toLocaleString()}</dd><dt>waiting in the queue</dt></div>
          </dl>
        )}
        {waiting.map((entry) => (
          <div className="card notice" key={entry.work}>
            <p><b>{entry.count === 1 ? "One change is" : `${entry.count} changes are`} kept on this computer</b> and did not reach the server, on work …{entry.work.slice(-6)}.</p>
            <span className="actions">
              <button className="primary" onClick={() => go(`work/${entry.work}`)}>Open and send</button>
              <button onClick={() => { if (window.confirm("Give up these changes for good?")) drop(entry); }}>Give up</button>
            </span>
          </div>
        ))}
        {TEAM.includes(user.role) && <ProjectCards api={api} user={user} />}
      </main>
    </div>
  );
}

function sentence(text: string): string {
  return text === "" ? "" : `${text[0].toLocaleUpperCase()}${text.slice(1)}`;
}
