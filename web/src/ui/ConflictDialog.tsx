import { useEffect, useRef, useState, type ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import { addressOf, type Choice, type Conflict } from "../model/document.js";
import { isObject, type JsonObject } from "../model/json.js";
import { VERDICTS } from "../model/review.js";
import { fallbackShape, shapes } from "../shapes/index.js";
import { shapeFor } from "../engine/Shape.js";
import { fitView } from "../math/view.js";
import { union, type ImageBounds } from "../math/space.js";
import { paintActive } from "../scenes/image/paint.js";
import type { Palette } from "../scenes/image/palette.js";
import type { LoadedPicture } from "../scenes/image/picture.js";
import { Dialog } from "./Dialog.js";
import { itemWords } from "./describe.js";
import { labelName } from "./ObjectList.js";
import { useStore } from "./useStore.js";

interface Props {
  readonly editor: Editor;
  readonly palette: Palette;
  readonly picture: LoadedPicture | null;
}

/** Somebody else changed the same objects: shows both versions of each and lets the person choose. */
export function ConflictDialog({ editor, palette, picture }: Props): ReactElement {
  const conflicts = useStore(editor.state, (state) => state.sync.conflicts);
  const [choices, setChoices] = useState<{ readonly [address: string]: Choice }>({});
  const chosen = (collection: string, key: string): Choice | undefined => choices[addressOf(collection, key)];
  // Nothing is chosen beforehand: a hasty click must not write over somebody else's work.
  const left = conflicts.filter(({ collection, key }) => chosen(collection, key) === undefined).length;
  const all = (choice: Choice) => setChoices(Object.fromEntries(conflicts.map(({ collection, key }) => [addressOf(collection, key), choice])));
  return (
    <Dialog title="The same thing was changed elsewhere" wide>
      <p>While your change was not on the server yet, somebody else changed the same {conflicts.length === 1 ? "thing" : "things"}, or you did at another place. Both versions are safe. Choose which one goes on; everything else you did stays.</p>
      <div className="conflicts">
        {conflicts.map((conflict) => {
          const address = addressOf(conflict.collection, conflict.key);
          return (
            <fieldset key={address} className="conflict">
              <legend>{nameOf(editor, conflict)}</legend>
              {(["mine", "theirs"] as const).map((side) => (
                <label key={side} className="version">
                  <input type="radio" name={address} checked={chosen(conflict.collection, conflict.key) === side} onChange={() => setChoices({ ...choices, [address]: side })} />
                  <span>
                    <b>{side === "mine" ? "Keep mine" : "Take theirs"}</b>
                    <Version object={conflict[side]} other={conflict[side === "mine" ? "theirs" : "mine"]} editor={editor} palette={palette} picture={picture} />
                  </span>
                </label>
              ))}
            </fieldset>
          );
        })}
      </div>
      <div className="actions">
        {conflicts.length > 1 && <><button onClick={() => all("mine")}>All mine</button><button onClick={() => all("theirs")}>All theirs</button></>}
        <span className="spring" />
        <button className="primary" disabled={left > 0} onClick={() => void editor.choose((collection, key) => chosen(collection, key) ?? "mine")}>Go on with these</button>
      </div>
    </Dialog>
  );
}

function nameOf(editor: Editor, { collection, key, mine, theirs }: Conflict): string {
  if (collection === VERDICTS) {
    const item = editor.state.get().items.get(key);
    return `Verdict on ${item === null ? "an object that is gone" : itemWords(editor, item)}`;
  }
  if (collection === "attributes") return editor.taxonomy.attributes.find((attribute) => attribute.key === key)?.description ?? key;
  const object = mine ?? theirs;
  return object === null || typeof object.label !== "string" ? "Object" : labelName(editor, object.label);
}

function Version({ object, other, editor, palette, picture }: Props & { object: JsonObject | null; other: JsonObject | null }): ReactElement {
  if (typeof (object ?? other)?.verdict === "string") return <span className="words">{object === null ? "No verdict" : String(object.verdict)}</span>;
  if (object === null) return <span className="words">Removed</span>;
  const geometry = typeof object.type === "string";
  return (
    <>
      {geometry && <Crop object={object} other={other} palette={palette} picture={picture} />}
      <span className="words">{geometry ? <>{labelName(editor, typeof object.label === "string" ? object.label : null)}<br /></> : null}{answerWords(editor, object)}</span>
    </>
  );
}

function answerWords(editor: Editor, object: JsonObject): string {
  if ("value" in object) return String(object.value);
  const answers = isObject(object.attributes) ? Object.entries(object.attributes) : [];
  return answers.map(([key, value]) => {
    const question = editor.taxonomy.attributes.find((attribute) => attribute.key === key)?.description ?? key;
    return `${question}${/[?:.!]$/.test(question) ? "" : ":"} ${Array.isArray(value) ? value.join(", ") : String(value)}`;
  }).join(" · ");
}

/** The place in the picture that holds both versions, with this one drawn. */
function Crop({ object, other, palette, picture }: { object: JsonObject; other: JsonObject | null; palette: Palette; picture: LoadedPicture | null }): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    const drawn = read(object);
    if (context === null || context === undefined || drawn === null) return;
    const beside = other === null ? null : read(other);
    const bounds: ImageBounds = beside === null ? drawn.bounds : union(drawn.bounds, beside.bounds);
    const view = fitView(bounds, { width: 220, height: 130 }, 22, 4);
    context.fillStyle = "#14181e";
    context.fillRect(0, 0, 220, 130);
    if (picture !== null) context.drawImage(picture.source, view.x, view.y, picture.width * view.scale, picture.height * view.scale);
    const label = typeof object.label === "string" ? object.label : null;
    paintActive(context, { shape: drawn.shape, geometry: drawn.geometry, handles: false, emphasis: null }, view, palette.of(label));
  }, [object, other, palette, picture]);
  return <canvas ref={canvas} width={220} height={130} aria-hidden="true" />;
}

function read(object: JsonObject) {
  const shape = shapeFor(shapes, String(object.type)) ?? fallbackShape;
  const geometry = shape.read(object);
  return geometry === null ? null : { shape, geometry, bounds: shape.bounds(geometry as never) };
}
