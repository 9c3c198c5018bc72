import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from "react";
import type { Work } from "../../api/types.js";
import { editorCommands } from "../../engine/commands.js";
import type { Editor } from "../../engine/Editor.js";
import { collectionsOf, type DraftCollections } from "../../model/document.js";
import { sameJson, type JsonObject } from "../../model/json.js";
import { buildResponse } from "../../model/response.js";
import { PicturesAhead } from "../../scenes/image/ahead.js";
import { Palette } from "../../scenes/image/palette.js";
import { pathCommands } from "../../shapes/commands.js";
import { tools } from "../../shapes/index.js";
import { Boundary } from "../../ui/Boundary.js";
import { Checks } from "../../ui/Checks.js";
import { ChipRow } from "../../ui/ChipRow.js";
import { Details } from "../../ui/Details.js";
import { useExtras } from "../../ui/extras.js";
import { ImageCanvas } from "../../ui/ImageCanvas.js";
import { KeymapProvider, useKeymap } from "../../ui/Keymap.js";
import { handleKey } from "../../ui/keys.js";
import { ObjectList } from "../../ui/ObjectList.js";
import { Tabs } from "../../ui/Tabs.js";
import { ToolRail } from "../../ui/ToolRail.js";
import { useStore } from "../../ui/useStore.js";
import { useProblems } from "../useProblems.js";
import { previewEditor, previewWork, type PreviewPicture } from "./previewWork.js";
import { ownPicture, SAMPLE } from "./samplePicture.js";

/** Milliseconds after the last change before the editor is opened anew. */
const PAUSE = 350;

interface Props {
  readonly params: JsonObject;
  readonly project: string;
  readonly user: string;
}

interface Opened {
  readonly work: Work;
  readonly editor: Editor;
}

/** The editor as labelers will have it, on a sample picture or one's own. What is drawn in it stays while the taxonomy changes. */
export function Preview({ params, project, user }: Props): ReactElement {
  const [picture, setPicture] = useState<PreviewPicture>(SAMPLE);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [fault, setFault] = useState("");
  const latest = useRef<Opened | null>(null);
  const shown = useRef<JsonObject | null>(null);
  useEffect(() => {
    let current = true;
    const open = () => {
      // The instruction changes nothing about drawing.
      const rules = { ...params, instruction: "" };
      const before = latest.current;
      if (before !== null && sameJson(shown.current ?? undefined, rules) && before.work.attachments[0].url === picture.url) return;
      const drawn: DraftCollections = before === null || before.work.attachments[0].url !== picture.url ? {} : collectionsOf(before.editor.state.get().document);
      const work = previewWork(params, project, picture, drawn);
      void previewEditor(work, user).then((editor) => {
        if (!current) return editor.close();
        before?.editor.close();
        shown.current = rules;
        latest.current = { work, editor };
        return setOpened(latest.current);
      });
    };
    const timer = setTimeout(open, latest.current === null ? 0 : PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [params, picture, project, user]);
  useEffect(() => () => latest.current?.editor.close(), []);
  useEffect(() => () => { if (picture !== SAMPLE) URL.revokeObjectURL(picture.url); }, [picture]);
  const choose = (file: File | undefined) => {
    if (file !== undefined) ownPicture(file).then((next) => { setFault(""); setPicture(next); }, (error: unknown) => setFault(error instanceof Error ? error.message : String(error)));
  };
  return (
    <section className="builder-preview" aria-label="Preview of the editor">
      <div className="preview-head">
        <h2>As labelers have it</h2>
        <span className="faint">Try it; nothing of this is kept.</span>
        <span className="spring" />
        <label className="button file">Use a picture of your own<input type="file" accept="image/*" onChange={(event) => choose(event.target.files?.[0])} /></label>
      </div>
      {fault !== "" && <p className="form-fault" role="alert">{fault}</p>}
      {opened !== null && <Boundary name="The preview"><PreviewEditor key={opened.work.attachments[0].url} opened={opened} user={user} /></Boundary>}
    </section>
  );
}

/** The editor's own parts in the room that there is: tools, labels and picture above, list and answers below. */
function PreviewEditor({ opened: { work, editor }, user }: { opened: Opened; user: string }): ReactElement {
  const palette = useMemo(() => new Palette(editor.labels.map(({ choice }) => choice), editor.taxonomy.colours), [editor]);
  const extras = useExtras(work, editor, palette);
  const ahead = useMemo(() => new PicturesAhead(), []);
  const commands = useMemo(() => [...editorCommands(tools), ...pathCommands], []);
  const keymap = useKeymap(user, commands);
  const [tab, setTab] = useState<"objects" | "checks" | "answer">("objects");
  const [{ issues, warnings }] = useProblems(editor);
  const faulty = useMemo(() => new Set(issues.flatMap(({ key }) => (key === undefined ? [] : [key]))), [issues]);
  const canvas = useRef<HTMLCanvasElement>(null), search = useRef<HTMLInputElement>(null);
  const onKey = (event: KeyboardEvent) => {
    if (!event.defaultPrevented && handleKey(event.nativeEvent, editor, keymap.commands, keymap.bindings)) event.preventDefault();
  };
  return (
    <KeymapProvider keymap={keymap}>
      <div className="preview-work" onKeyDown={onKey}>
        <div className="preview-stage">
          <ToolRail editor={editor} />
          <div className="stage">
            <ChipRow editor={editor} palette={palette} search={search} onDone={() => canvas.current?.focus({ preventScroll: true })} />
            <ImageCanvas editor={editor} palette={palette} extras={extras} attachment={work.attachments[0]} canvas={canvas} ahead={ahead} pointer={false} onPicture={() => undefined} onRenew={async () => undefined} />
          </div>
        </div>
        <div className="preview-panel">
          <div className="preview-list">
            <Tabs name="Preview panel" panel="preview-panel" chosen={tab} onChoose={setTab} tabs={[
              { id: "objects", title: "Objects" },
              { id: "checks", title: "Checks", badge: issues.length > 0 ? { count: issues.length, words: "to fix", tone: "bad" } : null },
              { id: "answer", title: "Answer" },
            ]} />
            <div className="panel-list" id="preview-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
              {tab === "objects" ? <ObjectList editor={editor} palette={palette} faulty={faulty} /> : tab === "checks" ? <Checks editor={editor} issues={issues} warnings={warnings} /> : <Answer editor={editor} />}
            </div>
          </div>
          <Details editor={editor} extras={extras} issues={tab === "checks" ? issues : []} />
        </div>
      </div>
    </KeymapProvider>
  );
}

/** The response that what is drawn amounts to. */
function Answer({ editor }: { editor: Editor }): ReactElement {
  const document = useStore(editor.state, (state) => state.document);
  const response = useMemo(() => JSON.stringify(buildResponse(editor.taxonomy, collectionsOf(document)), null, 2), [editor, document]);
  return <pre className="answer-json" tabIndex={0} role="region" aria-label="The answer as JSON">{response}</pre>;
}
