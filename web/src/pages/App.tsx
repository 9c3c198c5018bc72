import { useCallback, useEffect, useState, type ReactElement } from "react";
import type { Api } from "../api/client.js";
import type { Session } from "../api/types.js";
import { BrowserJournal } from "../engine/BrowserJournal.js";
import type { Journal } from "../engine/journal.js";
import { SafeJournal } from "../engine/SafeJournal.js";
import { InstructionFrames } from "../ui/InstructionFrames.js";
import { Boundary } from "../ui/Boundary.js";
import { Dialog } from "../ui/Dialog.js";
import { Message } from "../ui/Waiting.js";
import { openPreferences, remember, remembered } from "../ui/preferences.js";
import { Home } from "./Home.js";
import { First } from "./manage/First.js";
import { Invited } from "./manage/Invited.js";
import { pageAt } from "./manage/pages.js";
import { Shell } from "./manage/Shell.js";
import { go, useRoute } from "./route.js";
import { SignIn, SignInForm } from "./SignIn.js";
import { WorkPage } from "./WorkPage.js";

/** How often a server that does not answer is asked again, in milliseconds. */
const TRY_AGAIN = 5_000;

type Entry = { readonly state: "asking" } | { readonly state: "unreachable"; readonly message: string } | { readonly state: "out" } | { readonly state: "in"; readonly session: Session };

/** The whole application: who is signed in, and which page the address names. */
export function App({ api }: { api: Api }): ReactElement {
  const [entry, setEntry] = useState<Entry>({ state: "asking" });
  const [journal] = useState<Journal>(() => new SafeJournal(() => BrowserJournal.connect()));
  /** The session ended in the middle of work: the page stays, and a sign-in lies over it. */
  const [interrupted, setInterrupted] = useState(false);
  /** Counts sign-ins, so that work in progress knows when it can go on. */
  const [renewals, setRenewals] = useState(0);
  const route = useRoute();
  const person = entry.state === "in" ? entry.session.user.id : null;
  useEffect(() => { if (person !== null) openPreferences(person); }, [person]);

  const ask = useCallback(() => {
    // A browser where nobody signed in needs no call that is bound to be refused.
    if (remembered("session", "none") === "none") return setEntry({ state: "out" });
    return void api.session().then(
      (session) => {
        if (session === null) remember("session", "none");
        setEntry(session === null ? { state: "out" } : { state: "in", session });
      },
      (error: unknown) => setEntry({ state: "unreachable", message: error instanceof Error ? error.message : String(error) }),
    );
  }, [api]);

  useEffect(() => {
    api.onSignedOut = () => setInterrupted(true);
    ask();
  }, [api, ask]);

  if (entry.state === "asking") return <main className="centre"><p className="faint delayed" role="status">Opening…</p></main>;
  if (entry.state === "unreachable") return <Unreachable message={entry.message} onRetry={ask} />;
  const begin = (session: Session) => {
    // A call that was under way at the sign-out may have been refused since.
    setInterrupted(false);
    remember("session", "begun");
    setEntry({ state: "in", session });
  };
  if (route[0] === "invitation") return <Invited api={api} token={route[1] ?? ""} onDone={(session) => { go(""); begin(session); }} />;
  if (route[0] === "first") return <First api={api} token={route[1] ?? ""} onDone={(session) => { go(""); begin(session); }} />;
  if (entry.state === "out") return <SignIn api={api} onDone={begin} />;

  const { session } = entry;
  const renewed = (next: Session) => {
    setInterrupted(false);
    if (next.user.id === session.user.id) setRenewals((count) => count + 1);
    // Somebody else at the same computer must not go on with this person's work.
    else go("");
    setEntry({ state: "in", session: next });
  };
  const signOut = () => void api.signOut().then(() => { remember("session", "none"); setEntry({ state: "out" }); go(""); }, () => setInterrupted(true));
  const page = pageAt(route[0] ?? "", session.user.role);
  return (
    <>
      {route[0] === "work" ? <InstructionFrames.Provider value={session.instruction_frames}><WorkPage key={session.user.id} api={api} user={session.user} journal={journal} id={route[1] ?? null} renewals={renewals} /></InstructionFrames.Provider>
        : page !== null && page.body !== null ? (
          <Shell key={`${session.user.id} ${renewals}`} user={session.user} page={page} onSignOut={signOut}>
            <Boundary key={page.path} name="This page">
              {page.body({ api, user: session.user, rest: route.slice(1), onRenamed: (name) => setEntry({ state: "in", session: { ...session, user: { ...session.user, name } } }) })}
            </Boundary>
          </Shell>
        ) : <Home key={`${session.user.id} ${renewals}`} api={api} user={session.user} journal={journal} onSignOut={signOut} />}
      {interrupted && (
        <Dialog title="Please sign in again">
          <p>Your session has ended. Nothing is lost: what you did is kept here and goes on after you have signed in.</p>
          <SignInForm api={api} email={session.user.email} onDone={renewed} />
        </Dialog>
      )}
    </>
  );
}

/** Tries again by itself, also when the computer finds the network again. */
function Unreachable({ message, onRetry }: { message: string; onRetry: () => void }): ReactElement {
  useEffect(() => {
    const timer = setInterval(onRetry, TRY_AGAIN);
    window.addEventListener("online", onRetry);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", onRetry);
    };
  }, [onRetry]);
  return (
    <Message icon="close" title="The server does not answer" text={`${message} Work that was not sent yet is kept on this computer. This page goes on by itself as soon as there is an answer.`}>
      <button className="primary" onClick={onRetry}>Try again</button>
    </Message>
  );
}
