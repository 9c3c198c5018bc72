import { useDeferredValue, useEffect, useMemo, useRef, useState, type ReactElement } from "react";
import type { Work } from "../api/types.js";
import type { Editor } from "../engine/Editor.js";
import type { Journal } from "../engine/journal.js";
import type { Issue } from "../model/checks.js";
import { Palette } from "../scenes/image/palette.js";
import type { LoadedPicture } from "../scenes/image/picture.js";
import { Checks } from "../ui/Checks.js";
import { ChipRow } from "../ui/ChipRow.js";
import { ConflictDialog } from "../ui/ConflictDialog.js";
import { Details } from "../ui/Details.js";
import { useExtras } from "../ui/extras.js";
import { Header } from "../ui/Header.js";
import { ImageCanvas } from "../ui/ImageCanvas.js";
import { Instruction } from "../ui/Instruction.js";
import { editorCommands } from "../engine/commands.js";
import { KeymapProvider, useKeymap } from "../ui/Keymap.js";
import { handleKey, pageCommands, type KeyActions } from "../ui/keys.js";
import { tools } from "../shapes/index.js";
import { KeySheet } from "../ui/KeySheet.js";
import { ObjectList } from "../ui/ObjectList.js";
import { SidePanel } from "../ui/SidePanel.js";
import { LostDialog, RefusedDialog, ReleaseDialog } from "../ui/TroubleDialogs.js";
import { Toast } from "../ui/Toast.js";
import { focusFirst } from "../ui/focus.js";
import { ToolRail } from "../ui/ToolRail.js";
import { useStore } from "../ui/useStore.js";
import { openSeam } from "./seam.js";

const HEARTBEAT = 60_000;

interface Props {
  readonly work: Work;
  readonly editor: Editor;
  readonly kept: boolean;
  readonly journal: Journal;
  readonly user: string;
  /** What happened just before this work was opened. */
  readonly flash: string;
  readonly onSubmitted: () => void;
  readonly onLeave: () => void;
}

/** The editor for a picture: header, tools, labels, canvas and the panel on the right. */
export function ImageWork({ work, editor, kept, journal, user, flash, onSubmitted, onLeave }: Props): ReactElement {
  const palette = useMemo(() => new Palette(editor.labels.map(({ choice }) => choice)), [editor]);
  const extras = useExtras(work, editor, palette);
  const document_ = useStore(editor.state, (state) => state.document);
  const serverIssues = useStore(editor.state, (state) => state.serverIssues);
  const phase = useStore(editor.state, (state) => state.sync.phase);
  const notice = useStore(editor.state, (state) => state.notice);
  const [tab, setTab] = useState<"objects" | "checks">("objects");
  const [tried, setTried] = useState(false);
  const [submitting, setSubmitting] = useState(false);
  const [keysShown, setKeysShown] = useState(false);
  const [releasing, setReleasing] = useState(false);
  const [picture, setPicture] = useState<LoadedPicture | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);

  const checked = useDeferredValue(document_);
  const local = useMemo(() => editor.check(checked), [editor, checked]);
  const issues = useMemo(() => merged(local, serverIssues), [local, serverIssues]);
  const faulty = useMemo(() => new Set(issues.flatMap(({ key }) => (key === undefined ? [] : [key]))), [issues]);

  const submit = () => {
    if (submitting) return;
    // A text that is still being typed becomes a step when its field is left.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    setTried(true);
    setSubmitting(true);
    void submitChecked(editor).then(({ done, message }) => {
      setSubmitting(false);
      if (done) return onSubmitted();
      setTab("checks");
      return editor.tell(message);
    });
  };

  const focusCanvas = () => canvas.current?.focus({ preventScroll: true });
  const keys: KeyActions = {
    submit, focusCanvas,
    showKeys: () => setKeysShown(true),
    focusSearch: () => search.current?.focus(),
    focusAnswers: () => focusFirst("[data-answers] input, [data-answers] textarea, [data-answers] select"),
    toggleInstruction: () => document.querySelector<HTMLElement>(".instruction > summary")?.click(),
  };
  const latestKeys = useRef(keys);
  latestKeys.current = keys;
  const commands = useMemo(() => [...editorCommands(tools), ...pageCommands(() => latestKeys.current)], []);
  const keymap = useKeymap(user, commands);
  const latestKeymap = useRef(keymap);
  latestKeymap.current = keymap;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && !event.isComposing && handleKey(event, editor, latestKeymap.current.commands, latestKeymap.current.bindings)) event.preventDefault();
    };
    const onFocus = () => void editor.heartbeat();
    const onOnline = () => editor.resume();
    const timer = setInterval(onFocus, HEARTBEAT);
    window.addEventListener("keydown", onKey);
    window.addEventListener("focus", onFocus);
    window.addEventListener("online", onOnline);
    const closeSeam = openSeam(editor, journal, user, kept, canvas);
    focusCanvas();
    if (flash !== "") editor.tell(flash);
    return () => {
      clearInterval(timer);
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("focus", onFocus);
      window.removeEventListener("online", onOnline);
      closeSeam();
      editor.close();
    };
  }, [editor]);

  useEffect(() => {
    // Only where this browser keeps nothing would leaving lose what was not sent.
    const warn = (event: BeforeUnloadEvent) => { if (!kept && editor.state.get().sync.waiting > 0) event.preventDefault(); };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [editor, kept]);

  return (
    <KeymapProvider keymap={keymap}><div className="work">
      <Header editor={editor} project={work.project} task={work.task} kept={kept} submitting={submitting} onLeave={onLeave} onRelease={() => setReleasing(true)} onKeys={() => setKeysShown(true)} onSubmit={submit} />
      <main className="work-main">
        <ToolRail editor={editor} />
        <div className="stage">
          <ChipRow editor={editor} palette={palette} search={search} onDone={focusCanvas} />
          <ImageCanvas editor={editor} palette={palette} extras={extras} attachment={work.attachments[0]} canvas={canvas} onPicture={setPicture} />
        </div>
        <SidePanel>
          <Instruction text={work.instruction ?? ""} />
          <div className="tabs" role="tablist" aria-label="Panel">
            <button role="tab" id="tab-objects" aria-controls="panel-list" aria-selected={tab === "objects"} onClick={() => setTab("objects")}>Objects</button>
            <button role="tab" id="tab-checks" aria-controls="panel-list" aria-selected={tab === "checks"} onClick={() => setTab("checks")}>
              Checks{issues.length > 0 && <span className="badge">{issues.length}<span className="hidden"> to fix</span></span>}
            </button>
          </div>
          <div className="panel-list" id="panel-list" role="tabpanel" aria-labelledby={`tab-${tab}`}>
            {tab === "objects" ? <ObjectList editor={editor} palette={palette} faulty={faulty} /> : <Checks editor={editor} issues={issues} />}
          </div>
          <Details editor={editor} extras={extras} issues={tried ? issues : []} />
        </SidePanel>
      </main>
      <Toast notice={notice} />
      {keysShown && <KeySheet tools={editor.tools} onClose={() => setKeysShown(false)} />}
      {releasing && <ReleaseDialog editor={editor} onReleased={onLeave} onClose={() => setReleasing(false)} />}
      {phase === "conflict" && <ConflictDialog editor={editor} palette={palette} picture={picture} />}
      {phase === "lost" && !submitting && !releasing && <LostDialog editor={editor} onLeave={onLeave} />}
      {phase === "refused" && <RefusedDialog editor={editor} />}
    </div></KeymapProvider>
  );
}

async function submitChecked(editor: Editor): Promise<{ done: boolean; message: string }> {
  await editor.quiet();
  const faults = editor.check();
  if (faults.length > 0) return { done: false, message: refusal(faults.length) };
  const result = await editor.submit();
  if (result.done) return { done: true, message: "" };
  return { done: false, message: result.issues.length > 0 ? refusal(result.issues.length) : result.message };
}

function refusal(count: number): string {
  return count === 1 ? "Not submitted: one thing has to be fixed first." : `Not submitted: ${count} things have to be fixed first.`;
}

/** Local issues, and those of the server that say something about another place. */
function merged(local: readonly Issue[], server: readonly Issue[]): readonly Issue[] {
  const known = new Set(local.map(({ path }) => path));
  return [...local, ...server.filter(({ path }) => !known.has(path)).map((issue) => ({ ...issue, message: withoutPath(issue.message) }))];
}

/** The server's sentences begin with the path, which the list shows as the object's name already. */
function withoutPath(message: string): string {
  const rest = message.replace(/^`[^`]*` /, "");
  return `${rest[0]?.toLocaleUpperCase() ?? ""}${rest.slice(1)}`;
}
