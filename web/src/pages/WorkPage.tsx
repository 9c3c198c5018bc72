import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement } from "react";
import { agreementOf } from "../api/agreement.js";
import { auditsOf } from "../api/audits.js";
import { ApiError, type Api } from "../api/client.js";
import type { User, Work } from "../api/types.js";
import { Editor } from "../engine/Editor.js";
import type { Journal } from "../engine/journal.js";
import { Review } from "../engine/Review.js";
import type { Differences } from "../model/differences.js";
import { isObject } from "../model/json.js";
import { readTaxonomy } from "../model/taxonomy.js";
import { PicturesAhead } from "../scenes/image/ahead.js";
import { fallbackShape, shapes, tools } from "../shapes/index.js";
import { Message, OpeningFrame } from "../ui/Waiting.js";
import { browserClipboard } from "../ui/clipboard.js";
import { browserMemory } from "../ui/preferences.js";
import { typeWords } from "../ui/words.js";
import { afterAudit, LOOKING, openAudit, sampleOf, startAudit, type Audit } from "./audit/session.js";
import { useActivity } from "./activity.js";
import { ImageWork } from "./ImageWork.js";
import { go, goInstead } from "./route.js";
import { draftOf, reviewCallsFor, translated, transportFor } from "./transport.js";

type Stage =
  | { readonly state: "opening" }
  | { readonly state: "empty" }
  | { readonly state: "taken" }
  | { readonly state: "failed"; readonly message: string }
  | { readonly state: "unsupported"; readonly work: Work }
  | { readonly state: "image"; readonly work: Work; readonly editor: Editor; readonly review: Review | null; readonly merge: Differences | null; readonly audit: Audit | null };

interface Props {
  readonly api: Api;
  readonly user: User;
  readonly journal: Journal;
  /** A certain piece of work, or null for whatever is next. */
  readonly id: string | null;
  readonly renewals: number;
}

/** Of so many tasks the pictures are fetched before they are asked for. */
const AHEAD = 2;

/** Claims a piece of work and opens the editor for it; goes on to the next one after each submission. */
export function WorkPage({ api, user, journal, id, renewals }: Props): ReactElement | null {
  const [stage, setStage] = useState<Stage>({ state: "opening" });
  const [flash, setFlash] = useState("");
  const ahead = useMemo(() => new PicturesAhead(), []);
  useEffect(() => () => ahead.expect([]), [ahead]);
  /** Counts what was asked to be opened. Whoever has asked for something else since, or has left the page, is not to be bothered with the answer. */
  const turns = useRef(0);
  useEffect(() => () => { turns.current += 1; }, []);

  /** The address names the work once it is open, not before, so that naming it does not open it again. */
  const shown = (next: Stage & { readonly work: Work }) => {
    setStage(next);
    goInstead(`work/${next.work.id}`);
  };
  const open = useCallback(async (wanted: string | null): Promise<void> => {
    const turn = ++turns.current, isStale = () => turn !== turns.current;
    try {
      const work = await api.claim(wanted ?? undefined);
      if (isStale()) return;
      if (work === null) return setStage({ state: wanted === null ? "empty" : "taken" });
      const picture = work.attachments[0];
      const taxonomy = readTaxonomy(work.editor_params ?? work.params, { isLegacy: isObject(work.editor_params) });
      const drawable = tools.some(({ draws }) => draws !== null && taxonomy.geometries[draws] !== undefined);
      if (work.editor !== "image" || picture === undefined || !drawable) return shown({ state: "unsupported", work });
      const audit = work.kind === "audit" ? await openAudit(api, work) : null;
      const editor = await Editor.open({
        transport: transportFor(api, work.id, audit?.verdict), journal, schedule: later, work: work.id, user: user.id,
        lease: work.lease.token, draft: draftOf(work), taxonomy,
        picture: { width: picture.width ?? 1, height: picture.height ?? 1 }, shapes, fallback: fallbackShape, tools,
        clipboard: browserClipboard(user.id),
        memory: browserMemory(`display.${user.id}.${work.id}`),
        ...(audit === null ? {} : { closed: LOOKING }),
      });
      const review = work.kind === "review" || work.kind === "redo" ? await Review.open(editor, reviewCallsFor(api, work.id)) : null;
      const merge = work.kind === "merge" ? await agreementOf(api).differences(work.id) : null;
      if (isStale()) return editor.close();
      return shown({ state: "image", work, editor, review, merge, audit });
    } catch (error) {
      if (isStale()) return;
      if (error instanceof ApiError && error.status === 404 && wanted !== null) return setStage({ state: "taken" });
      return setStage({ state: "failed", message: error instanceof Error ? error.message : String(error) });
    }
  }, [api, journal, user.id]);

  const current = stage.state === "image" || stage.state === "unsupported" ? stage.work.id : null;
  useActivity(api, current);
  useEffect(() => {
    // The address also changes because a claim has just named its work; that one is open already.
    if (id !== null && id === current) return;
    setStage({ state: "opening" });
    void open(id);
  }, [id, open]);

  useEffect(() => {
    if (renewals === 0) return;
    if (stage.state === "image") stage.editor.resume();
    else if (stage.state === "failed") void open(id);
  }, [renewals]);

  const again = () => {
    setFlash("");
    setStage({ state: "opening" });
    void open(id);
  };
  const next = (said: string) => {
    setFlash(said);
    // Whoever has gone to another page meanwhile is not called back.
    if (window.location.hash.startsWith("#/work")) goInstead("work");
  };
  switch (stage.state) {
    case "opening": return <OpeningFrame />;
    case "image": {
      const { work, editor, review, merge, audit } = stage;
      return (
        <ImageWork
          key={work.lease.token} work={work} editor={editor} review={review} merge={merge} audit={audit} journal={journal} user={user} ahead={ahead} flash={flash}
          onSkip={(reason) => editor.release((lease) => translated(api.skip(work.id, lease, reason)))}
          onReport={(kind, message) => editor.holding((lease) => translated(api.report(work.id, lease, kind, message)))}
          onRenew={() => api.work(work.id)} onReady={() => lookAhead(api, ahead)} loadExamples={agreementOf(api).examplesOfWork}
          onNext={audit === null ? next : () => void nextAudit(api, work)} onLeave={() => (audit === null ? go("") : void leaveAudit(api, work, editor))}
        />
      );
    }
    case "unsupported": return <Unsupported api={api} work={stage.work} onReleased={() => go("")} />;
    case "empty": return (
      <Message icon="check" title="The queue is empty" text={`${flash.startsWith("Submitted") ? "Submitted. That was the last one for now; well done." : "There is nothing to label at the moment."} New work appears on your home page by itself.`}>
        <button className="primary" onClick={again}>Look again</button><button onClick={() => go("")}>Home</button>
      </Message>
    );
    case "taken": return (
      <Message icon="close" title="This work is not yours any more" text="Somebody else is working on it, or it was finished or withdrawn. Changes of yours that were not sent are still kept on this computer.">
        <button className="primary" onClick={() => goInstead("work")}>Take the next one</button><button onClick={() => go("")}>Home</button>
      </Message>
    );
    case "failed": return (
      <Message icon="close" title="The work could not be opened" text={`${stage.message} Nothing is lost: what you did before is on the server or kept on this computer.`}>
        <button className="primary" onClick={again}>Try again</button><button onClick={() => go("")}>Home</button>
      </Message>
    );
  }
}

/** Goes on with the sample, or back to where the audit began. */
async function nextAudit(api: Api, work: Work): Promise<void> {
  const sample = sampleOf(work.id);
  const found = sample !== null && await startAudit(api, { sample }, true).catch(() => false);
  if (!found) goInstead(afterAudit(work));
}

/** Puts an audit away; if that cannot be told the server, it is still there the next time. */
async function leaveAudit(api: Api, work: Work, editor: Editor): Promise<void> {
  await editor.release((lease) => translated(auditsOf(api).leave(work.id, lease)));
  go(afterAudit(work));
}

/** Loads what probably comes next; that it cannot be told is no reason to disturb anybody. */
function lookAhead(api: Api, ahead: PicturesAhead): void {
  api.upcoming(AHEAD).then((coming) => ahead.expect(coming.flatMap(({ attachments }) => attachments.slice(0, 1)).map(({ url, width, height, tiles }) => ({
    // Of a picture in tiles the whole is never shown.
    url, pixels: width === null || height === null || tiles !== null ? null : width * height,
  }))), () => undefined);
}

function Unsupported({ api, work, onReleased }: { api: Api; work: Work; onReleased: () => void }): ReactElement {
  const [fault, setFault] = useState("");
  const release = () => void api.release(work.id, work.lease.token).then(onReleased, (error: unknown) => setFault(error instanceof Error ? error.message : String(error)));
  return (
    <Message icon="close" title={typeWords(work.type)} text="This kind of task has no editor in the browser yet; it can be worked through the API. Give it back, so that it returns to the queue." note={`Task ${work.task}`} fault={fault}>
      <button className="primary" onClick={release}>Give back</button><button onClick={() => go("")}>Home</button>
    </Message>
  );
}

function later(run: () => void, milliseconds: number): () => void {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
}
