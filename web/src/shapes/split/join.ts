import { mergePolygons } from "../../math/merge.js";
import { area } from "../../math/polygon.js";
import { collection, objectAt, type Document, type Operation } from "../../model/document.js";
import { isObject, type Json, type JsonObject } from "../../model/json.js";
import { ANNOTATIONS, LINKS, type Plan } from "../../model/plans.js";
import type { Item } from "../../engine/items.js";
import type { Vertices } from "../path/Shape.js";

/** Polygons that become one: the largest is kept with its answers, the others go. */
export interface Join {
  readonly kept: Item;
  readonly gone: readonly Item[];
  readonly vertices: Vertices;
}

/** How polygons can be joined, or why not, in words. */
export function joinable(items: readonly Item[]): Join | { readonly refusal: string } {
  if (new Set(items.map(({ label }) => label)).size > 1) return { refusal: "Not joined: these polygons have different labels." };
  const [kept, ...gone] = [...items].sort((a, b) => area(verticesOf(b)) - area(verticesOf(a)));
  let vertices = verticesOf(kept), open: readonly Item[] = gone;
  while (open.length > 0) {
    const touching = open.map((item) => ({ item, merged: mergePolygons(vertices, verticesOf(item)) })).find(({ merged }) => merged !== null);
    if (touching === undefined || touching.merged === null) {
      return { refusal: "Not joined: the polygons must share a border, vertex for vertex, in one piece and without a hole between them." };
    }
    vertices = touching.merged;
    open = open.filter((item) => item !== touching.item);
  }
  return { kept, gone, vertices };
}

/** One step; links and answers that point to what goes point to what is kept from then on. */
export function joinPlan({ kept, gone, vertices }: Join): Plan {
  return (document) => {
    const keys = new Set(gone.map(({ key }) => key));
    const objects = [kept, ...gone].map((item) => ({ item, object: objectAt(document, ANNOTATIONS, item.key) }));
    if (objects.some(({ item, object }) => object === null || object.vertices !== item.object.vertices)) return [];
    const answers = [...collection(document, ANNOTATIONS)].flatMap(([key, before]): Operation[] => {
      if (keys.has(key)) return [{ collection: ANNOTATIONS, key, before, after: null }];
      const turned = key === kept.key ? kept.shape.write(vertices, withAnswers(before, keys, null)) : withAnswers(before, keys, kept.key);
      return turned === before ? [] : [{ collection: ANNOTATIONS, key, before, after: turned }];
    });
    return [...linkOperations(document, keys, kept.key), ...answers];
  };
}

/** Links between the joined polygons go, and so do those that another link says already. */
function linkOperations(document: Document, gone: ReadonlySet<string>, kept: string): Operation[] {
  const isGone = (end: Json): boolean => typeof end === "string" && gone.has(end);
  const saying = ({ label, from, to }: JsonObject): string => JSON.stringify([label, from, to]);
  const links = [...collection(document, LINKS)], touched = links.filter(([, { from, to }]) => isGone(from) || isGone(to));
  const said = new Set(links.filter((link) => !touched.includes(link)).map(([, link]) => saying(link)));
  return touched.map(([key, before]): Operation => {
    const after = { ...before, from: isGone(before.from) ? kept : before.from, to: isGone(before.to) ? kept : before.to };
    const dropped = after.from === after.to || said.has(saying(after));
    said.add(saying(after));
    return { collection: LINKS, key, before, after: dropped ? null : after };
  });
}

/** The object with answers that point to what goes pointing to what is kept, or left out. The same object when there are none. */
function withAnswers(object: JsonObject, gone: ReadonlySet<string>, kept: string | null): JsonObject {
  const { attributes } = object;
  if (!isObject(attributes) || !Object.values(attributes).some((value) => typeof value === "string" && gone.has(value))) return object;
  const entries = Object.entries(attributes).map(([name, value]) => [name, typeof value === "string" && gone.has(value) ? kept : value] as const);
  return { ...object, attributes: Object.fromEntries(entries.filter(([, value]) => value !== null)) };
}

function verticesOf(item: Item): Vertices {
  return item.geometry as Vertices;
}
