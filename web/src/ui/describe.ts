import type { Editor } from "../engine/Editor.js";
import type { Item } from "../engine/items.js";
import type { ImageBounds } from "../math/space.js";
import type { PictureSize } from "../model/checks.js";

/** Size and place in words, for people who cannot see the canvas: "120 by 80 pixels, top left, at 100, 120". */
export function placeWords({ left, top, right, bottom }: ImageBounds, picture: PictureSize): string {
  const width = Math.round(right - left), height = Math.round(bottom - top);
  const size = width === 0 && height === 0 ? "" : `${width} by ${height} pixels, `;
  return `${size}${region((left + right) / 2 / picture.width, (top + bottom) / 2 / picture.height)}, at ${Math.round(left)}, ${Math.round(top)}`;
}

function region(x: number, y: number): string {
  const across = x < 1 / 3 ? "left" : x > 2 / 3 ? "right" : "";
  const down = y < 1 / 3 ? "top" : y > 2 / 3 ? "bottom" : "";
  if (across === "" && down === "") return "in the middle";
  return across === "" || down === "" ? `${down}${across}, in the middle` : `${down} ${across}`;
}

/** "Box 3 car", with the name that the label shows. */
export function itemWords(editor: Editor, item: Item): string {
  const label = item.label === null ? "without a label" : editor.labels.find(({ choice }) => choice === item.label)?.display ?? item.label;
  return `${capital(item.shape.noun)} ${editor.state.get().items.numberOf(item.key) || ""} ${label}`.replace(/\s+/g, " ");
}

export function capital(text: string): string {
  return `${text[0]?.toLocaleUpperCase() ?? ""}${text.slice(1)}`;
}
