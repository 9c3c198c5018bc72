import { isObject, type Json, type JsonObject } from "../json.js";

/** Where something stands in a JSON value: names of members and indices of elements, outermost first. */
export type Path = readonly (string | number)[];

export function at(value: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((inner, key) => {
    if (typeof key === "number") return Array.isArray(inner) ? (inner as readonly Json[])[key] : undefined;
    return isObject(inner) ? inner[key] : undefined;
  }, value);
}

/** The value with something put at a path, or taken away from it (undefined). What is missing on the way is made; everything else stays as it is. */
export function withAt(value: Json | undefined, path: Path, next: Json | undefined): Json {
  if (path.length === 0) return next ?? null;
  const [key, ...rest] = path;
  if (typeof key === "number") {
    const list = Array.isArray(value) ? [...(value as readonly Json[])] : [];
    if (rest.length === 0 && next === undefined) list.splice(key, 1);
    else list[key] = withAt(list[key], rest, next);
    return list;
  }
  const object: JsonObject = isObject(value) ? value : {};
  if (next === undefined && at(object, path) === undefined) return object;
  if (rest.length === 0 && next === undefined) {
    const { [key]: _gone, ...others } = object;
    return others;
  }
  return { ...object, [key]: withAt(object[key], rest, next) };
}

/** The same for an object, which stays one. */
export function put(object: JsonObject, path: Path, next: Json | undefined): JsonObject {
  return withAt(object, path, next) as JsonObject;
}

/** Gives a member another name and keeps its place. A member that has that name already is replaced. */
export function renameMember(object: JsonObject, from: string, to: string): JsonObject {
  if (from === to || !(from in object)) return object;
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== to).map(([key, value]) => [key === from ? to : key, value]));
}

/** Moves a member by so many places among its siblings. */
export function moveMember(object: JsonObject, key: string, by: number): JsonObject {
  const entries = Object.entries(object), from = entries.findIndex(([name]) => name === key);
  return from < 0 ? object : Object.fromEntries(moveElement(entries, from, by));
}

export function moveElement<T>(list: readonly T[], from: number, by: number): T[] {
  const to = Math.max(0, Math.min(list.length - 1, from + by)), others = list.filter((_, i) => i !== from);
  return [...others.slice(0, to), list[from], ...others.slice(to)];
}

/** A name that none of the others has, by a number behind it. */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  for (let number = 2; ; number++) if (!taken.includes(`${wanted}_${number}`)) return `${wanted}_${number}`;
}
