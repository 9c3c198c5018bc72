import type { Editor } from "../../../engine/Editor.js";
import type { Item, Items } from "../../../engine/items.js";
import type { ImagePoint, ScreenPoint } from "../../../math/space.js";
import { toScreen } from "../../../math/view.js";
import type { Connection } from "../../../model/taxonomy.js";
import { joinedPoints, type Joined } from "../../../shapes/point/connections.js";
import type { Frame } from "../frame.js";
import type { Palette } from "../palette.js";

const CASING = "rgba(6, 10, 16, 0.55)";

interface Found {
  readonly items: Items;
  readonly display: unknown;
  readonly joined: readonly Joined[];
}

/** What was found last for a task's connections: it stays the same until objects change. */
const found = new WeakMap<readonly Connection[], Found>();

/** Lines between the points that belong together, under the points themselves; they follow a point that is in hand. */
export function paintConnections({ context, view }: Frame, editor: Editor, palette: Palette): void {
  const connections = editor.taxonomy.geometries.point?.connections ?? [];
  if (connections.length === 0) return;
  const joined = joinedNow(editor, connections);
  const preview = editor.preview.get(), { selection } = editor.state.get();
  const placeOf = ({ key, geometry }: Item): ScreenPoint => {
    const { x, y } = (preview !== null && preview.replaces === key ? preview.geometry : geometry) as ImagePoint;
    const { dx, dy } = preview?.carried !== undefined && selection.includes(key) ? preview.carried : { dx: 0, dy: 0 };
    return toScreen(view, { x: x + dx, y: y + dy });
  };
  context.lineCap = "round";
  for (const [one, other] of joined) {
    const a = placeOf(one), b = placeOf(other);
    for (const [width, colour] of [[4, CASING], [2, palette.of(one.label).colour]] as const) {
      context.beginPath();
      context.moveTo(a.x, a.y);
      context.lineTo(b.x, b.y);
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke();
    }
  }
  context.lineCap = "butt";
}

function joinedNow(editor: Editor, connections: readonly Connection[]): readonly Joined[] {
  const { items, display } = editor.state.get();
  const known = found.get(connections);
  if (known !== undefined && known.items === items && known.display === display) return known.joined;
  const joined = joinedPoints(items, connections, (key) => display.get(key)?.hidden === true);
  found.set(connections, { items, display, joined });
  return joined;
}
