import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement } from "react";
import type { Example } from "../api/agreement.js";
import type { User, Work } from "../api/types.js";
import { editorCommands } from "../engine/commands.js";
import type { Editor } from "../engine/Editor.js";
import type { Released } from "../engine/Ledger.js";
import type { Review } from "../engine/Review.js";
import type { Journal } from "../engine/journal.js";
import type { Differences } from "../model/differences.js";
import type { PicturesAhead } from "../scenes/image/ahead.js";
import { Palette as Inks } from "../scenes/image/palette.js";
import type { LoadedPicture } from "../scenes/image/picture.js";
import { pathCommands } from "../shapes/commands.js";
import { tools } from "../shapes/index.js";
import { Announcer } from "../ui/Announcer.js";
import { AuditBar, AuditDecision, VerdictDialog } from "../ui/AuditBar.js";
import { Boundary } from "../ui/Boundary.js";
import { Checks, goTo } from "../ui/Checks.js";
import { ChipRow } from "../ui/ChipRow.js";
import { ConflictDialog } from "../ui/ConflictDialog.js";
import { Details } from "../ui/Details.js";
import { Examples } from "../ui/Examples.js";
import { useExtras } from "../ui/extras.js";
import { focusFirst } from "../ui/focus.js";
import { ReportDialog, SkipDialog, type ReportKind } from "../ui/HandOverDialogs.js";
import { Header } from "../ui/Header.js";
import { ImageCanvas } from "../ui/ImageCanvas.js";
import { Instruction } from "../ui/Instruction.js";
import { KeymapProvider, useKeymap } from "../ui/Keymap.js";
import { KeySheet } from "../ui/KeySheet.js";
import { DifferencesPanel } from "../ui/merge/DifferencesPanel.js";
import { ObjectList } from "../ui/ObjectList.js";
import { Palette } from "../ui/Palette.js";
import { PreferencesDialog } from "../ui/PreferencesDialog.js";
import { Comments } from "../ui/review/Comments.js";
import { unanswered, unsettled, useBeginning, useUnsettled } from "../ui/review/marks.js";
import { Pins } from "../ui/review/Pins.js";
import { ReviewBar } from "../ui/review/ReviewBar.js";
import { SendBackDialog } from "../ui/review/SendBackDialog.js";
import { FoldedPanel, SidePanel, useFolded } from "../ui/SidePanel.js";
import { Tabs } from "../ui/Tabs.js";
import { Toast } from "../ui/Toast.js";
import { ToolRail } from "../ui/ToolRail.js";
import { LostDialog, RefusedDialog, StoppedDialog, ReleaseDialog } from "../ui/TroubleDialogs.js";
import { useStore } from "../ui/useStore.js";
import type { Audit } from "./audit/session.js";
import { useAudit } from "./audit/useAudit.js";
import { entriesOf } from "./entries.js";
import { pagesFor } from "./manage/pages.js";
import { pageCommands, type Opened, type PageActions, type PanelTab } from "./pageCommands.js";
import { reviewCommands } from "./reviewCommands.js";
import { submitChecked } from "./submission.js";
import { useProblems } from "./useProblems.js";
import { useEditorPage } from "./useEditorPage.js";
import "./work.css";

interface Props {
  readonly work: Work;
  readonly editor: Editor;
  /** What lies around the draft where work is reviewed or was sent back. */
  readonly review: Review | null;
  /** What several answers differ in, while they are merged. */
  readonly merge: Differences | null;
  /** The work is a completed task that is open for a verdict. */
  readonly audit: Audit | null;
  readonly journal: Journal;
  readonly user: User;
  readonly ahead: PicturesAhead;
  /** What happened just before this work was opened. */
  readonly flash: string;
  readonly onSkip: (reason: string) => Promise<Released>;
  readonly onReport: (kind: ReportKind, message: string) => Promise<Released>;
  /** Asks for the work with fresh addresses of its pictures, since they run out. */
  readonly onRenew: () => Promise<Work>;
  /** The picture is there, so that others may be loaded ahead. */
  readonly onReady: () => void;
  /** The examples beside the instruction. */
  readonly loadExamples: (work: string) => Promise<readonly Example[]>;
  /** The work is done or handed over; the next one is wanted. */
  readonly onNext: (said: string) => void;
  readonly onLeave: () => void;
}

/** The editor for a picture: header, tools, labels, canvas and the panel on the right. */
export function ImageWork({ work: claimed, editor, review, merge, audit, journal, user, ahead, flash, onSkip, onReport, onRenew, onReady, loadExamples, onNext, onLeave }: Props): ReactElement {
  const [work, setWork] = useState(claimed);
  const inks = useMemo(() => new Inks(editor.labels.map(({ choice }) => choice), editor.taxonomy.colours), [editor]);
  const extras = useExtras(work, editor, inks, review);
  const phase = useStore(editor.state, (state) => state.sync.phase);
  const refused = useStore(editor.state, (state) => state.sync.refused.length > 0);
  const notice = useStore(editor.state, (state) => state.notice);
  const [tab, setTab] = useState<PanelTab>(() => (merge !== null ? "differences" : review?.isReview === false && unsettled(review) > 0 ? "comments" : "objects"));
  const [settled, setSettled] = useState<ReadonlySet<number>>(new Set());
  const [tried, setTried] = useState(false);
  const [submitting, setSubmitting] = useState(false);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [pointer, setPointer] = useState(false);
  const [panelFolded, foldPanel] = useFolded(`panel.${user.id}.image`);
  const [toolsFolded, foldTools] = useFolded(`tools.${user.id}.image`);
  const [picture, setPicture] = useState<LoadedPicture | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const problem = useRef(-1);
  const warned = useRef(false);

  const [{ issues, warnings }, lookAgain] = useProblems(editor);
  const talk = useUnsettled(review), beginning = useBeginning(review);
  useEffect(() => { if (beginning) actions.show("comments"); }, [beginning]);
  const faulty = useMemo(() => new Set(issues.flatMap(({ key }) => (key === undefined ? [] : [key]))), [issues]);

  const auditing = useAudit(editor, audit, setSubmitting, onNext);
  const examples = useCallback(() => loadExamples(work.id), [work.id]);
  const focusCanvas = () => canvas.current?.focus({ preventScroll: true });
  /** Things in the panel can be reached only while it is there. */
  const inPanel = (act: () => void) => {
    foldPanel(false);
    requestAnimationFrame(act);
  };
  const actions: PageActions = {
    submit: () => {
      if (submitting) return;
      review?.lookBack(false);
      const rejected = review?.isReview === true ? review.count("rejected") : 0;
      if (rejected > 0) return editor.tell(`${rejected === 1 ? "One object is" : `${rejected} objects are`} rejected. Send the work back, or take that back first.`);
      if (audit !== null) return auditing.fixing ? setOpened("fixed") : void auditing.decide({ result: "accepted" }).then((kept) => { if (kept !== null) editor.tell(kept); });
      const open = review?.isReview === false ? unanswered(review) : 0;
      if (open > 0 && !warned.current) {
        warned.current = true;
        actions.show("comments");
        return editor.tell(`${open === 1 ? "One comment waits" : `${open} comments wait`} for you. Settle or answer what you have seen to, or submit again as it is.`);
      }
      // A text that is still being typed becomes a step when its field is left.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      setTried(true);
      setSubmitting(true);
      void submitChecked(editor).then(({ done, message }) => {
        setSubmitting(false);
        if (done) return onNext(review?.isReview === true ? "Accepted. Here is the next one." : "Submitted. Here is the next one.");
        lookAgain();
        setTab("checks");
        foldPanel(false);
        focusCanvas();
        return editor.tell(message);
      });
    },
    sendBack: () => {
      review?.lookBack(false);
      setOpened("send-back");
    },
    open: (dialog) => (audit !== null && ["skip", "report", "release"].includes(dialog) ? editor.tell("This is open for your verdict. Give one, or go back.") : setOpened(dialog)),
    leave: onLeave,
    focusCanvas,
    focusSearch: () => { foldTools(false); requestAnimationFrame(() => search.current?.focus()); },
    focusAnswers: () => !panelFolded && focusFirst("[data-answers] :is(input, textarea, select)"),
    focusList: () => inPanel(() => focusFirst(".objects")),
    toggleInstruction: () => inPanel(() => document.querySelector<HTMLElement>(".instruction > summary")?.click()),
    togglePanel: () => { foldPanel(!panelFolded); focusCanvas(); },
    toggleTools: () => { foldTools(!toolsFolded); focusCanvas(); },
    togglePointer: () => setPointer(!pointer),
    show: (next) => { foldPanel(false); setTab(next); },
    goToProblem: (direction) => {
      if (issues.length === 0) return false;
      problem.current = (problem.current + direction + issues.length) % issues.length;
      setTab("checks");
      setTried(true);
      inPanel(() => goTo(editor, issues[problem.current]));
      return true;
    },
  };
  const latest = useRef(actions);
  latest.current = actions;
  const commands = useMemo(() => [...editorCommands(tools), ...pathCommands, ...pageCommands(() => latest.current), ...reviewCommands(review, () => latest.current)], [review]);
  const keymap = useKeymap(user.id, commands);
  const keyOf = (id: string) => keymap.bindings.get(id)?.[0] ?? "";
  useEditorPage({ editor, journal, user: user.id, canvas, keymap });
  useEffect(() => {
    focusCanvas();
    document.title = `${work.project ?? "Work"} · Vernier`;
    if (flash !== "") editor.tell(flash);
    return () => { document.title = "Vernier"; };
  }, [editor]);

  const close = () => setOpened(null);
  const sendBack = async () => {
    setSubmitting(true);
    const result = await editor.submit("rejected");
    setSubmitting(false);
    if (!result.done) return result.message;
    onNext("Sent back. Here is the next one.");
    return null;
  };
  return (
    <KeymapProvider keymap={keymap}><div className="work">
      <Header editor={editor} project={work.project} task={work.task} submitting={submitting} review={review} actions={actions} decision={audit === null ? null : <AuditDecision fixing={auditing.fixing} busy={submitting} keys={keyOf("task.submit")} onAccept={actions.submit} onFix={auditing.fix} onAsk={setOpened} />} />
      {audit !== null && <AuditBar details={audit.details} fixing={auditing.fixing} uses={auditing.uses} onUses={auditing.setUses} />}
      {review !== null && <ReviewBar review={review} />}
      <main className="work-main">
        {toolsFolded ? <FoldedPanel side="left" name="tools and labels" keys={keyOf("panel.fold-tools")} onOpen={() => foldTools(false)} /> : <ToolRail editor={editor} />}
        <div className="stage">
          {!toolsFolded && <ChipRow editor={editor} palette={inks} search={search} onDone={focusCanvas} />}
          <ImageCanvas editor={editor} palette={inks} extras={extras} attachment={work.attachments[0]} canvas={canvas} ahead={ahead} pointer={pointer} onPicture={(loaded) => { setPicture(loaded); onReady(); }} onRenew={() => onRenew().then(setWork)}>
            {review !== null && <Pins review={review} canvas={canvas} onChosen={() => actions.show("comments")} />}
          </ImageCanvas>
        </div>
        {panelFolded ? <FoldedPanel side="right" name="objects and answers" keys={keyOf("panel.fold")} onOpen={() => foldPanel(false)} /> : (
          <SidePanel name={`${user.id}.image`}>
            <Boundary name="The panel">
              <Instruction text={work.instruction ?? ""} />
              {work.project !== null && <Examples load={examples} />}
              <Tabs name="Panel" panel="panel-list" chosen={tab} onChoose={setTab} tabs={[
                ...(merge === null ? [] : [{ id: "differences", title: "Differences", badge: merge.differences.length > settled.size ? { count: merge.differences.length - settled.size, words: "not settled", tone: "warning" as const } : null } as const]),
                { id: "objects", title: "Objects" },
                { id: "checks", title: "Checks", badge: issues.length > 0 ? { count: issues.length, words: "to fix", tone: "bad" } : warnings.length > 0 ? { count: warnings.length, words: "worth a look", tone: "warning" } : null },
                ...(review === null ? [] : [{ id: "comments", title: "Comments", badge: talk > 0 ? { count: talk, words: "not settled", tone: "warning" as const } : null } as const]),
              ]} />
              <div className="panel-list" id="panel-list" role="tabpanel" aria-labelledby={`tab-${tab}`}>
                {tab === "differences" && merge !== null ? <DifferencesPanel editor={editor} palette={inks} merge={merge} attachment={work.attachments[0]} settled={settled} onSettle={(number, on) => setSettled((before) => new Set(on ? [...before, number] : [...before].filter((one) => one !== number)))} />
                  : tab === "comments" && review !== null ? <Comments review={review} /> : tab === "checks" ? <Checks editor={editor} issues={issues} warnings={warnings} /> : <ObjectList editor={editor} palette={inks} faulty={faulty} review={review} />}
              </div>
            </Boundary>
            {tab !== "differences" && <Boundary name="This part of the panel"><Details editor={editor} extras={extras} issues={tried ? issues : []} /></Boundary>}
          </SidePanel>
        )}
      </main>
      <Toast notice={notice} />
      <Announcer editor={editor} />
      <Boundary name="The window" onAgain={close}>
        {opened === "palette" && <Palette entries={entriesOf(editor, commands, keymap.bindings, pagesFor(user.role))} onClose={close} />}
        {opened === "keys" && <KeySheet editor={editor} commands={commands} bindings={keymap.bindings} onClose={close} onChange={() => setOpened("key-settings")} />}
        {(opened === "look" || opened === "key-settings") && <PreferencesDialog keymap={keymap} first={opened === "look" ? "look" : "keys"} onClose={close} />}
        {opened === "skip" && <SkipDialog onSkip={onSkip} onSkipped={() => onNext("Skipped. Here is the next one.")} onClose={close} />}
        {opened === "report" && <ReportDialog onReport={onReport} onReported={() => { close(); editor.tell("Reported. Thank you; you can go on, skip the task or give it back."); }} onClose={close} />}
        {opened === "send-back" && review !== null && <SendBackDialog review={review} onSend={sendBack} onClose={close} />}
        {(opened === "rejected" || opened === "commented" || opened === "fixed") && <VerdictDialog result={opened} uses={auditing.uses} onDecide={auditing.decide} onClose={close} />}
        {opened === "release" && <ReleaseDialog editor={editor} onReleased={onLeave} onClose={close} />}
        {phase === "conflict" && <ConflictDialog editor={editor} palette={inks} picture={picture} />}
        {phase === "lost" && !submitting && opened !== "release" && opened !== "skip" && <LostDialog editor={editor} onLeave={onLeave} />}
        {phase === "refused" && <StoppedDialog editor={editor} onLeave={onLeave} />}
        {refused && (phase === "idle" || phase === "sending") && <RefusedDialog editor={editor} />}
      </Boundary>
    </div></KeymapProvider>
  );
}
