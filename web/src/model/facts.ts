import { isObject, numberOf, type Json, type JsonObject } from "./json.js";

/** How long a pixel is in the world. */
export interface Resolution {
  readonly perPixel: number;
  readonly unit: string;
}

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** What is known of a picture besides its pixels. */
export interface Facts {
  /** As it was sent; not every time has a time zone, so it is not converted. */
  readonly dateTime: string | null;
  readonly place: Place | null;
  readonly resolution: Resolution | null;
  /** Everything else, flattened to one line each. */
  readonly others: readonly { readonly name: string; readonly value: string }[];
}

const KNOWN = ["date_time", "location", "resolution"];

export function readFacts(params: JsonObject): Facts {
  const metadata = isObject(params.image_metadata) ? params.image_metadata : {};
  return {
    dateTime: typeof metadata.date_time === "string" || typeof metadata.date_time === "number" ? String(metadata.date_time) : null,
    place: readPlace(metadata.location),
    resolution: readResolution(metadata.resolution),
    others: Object.entries(metadata).flatMap(([name, value]) => (KNOWN.includes(name) ? [] : rows(name, value))),
  };
}

export function placeWords({ latitude, longitude }: Place): string {
  return `${latitude}, ${longitude}`;
}

function readPlace(value: Json | undefined): Place | null {
  if (!isObject(value)) return null;
  const latitude = numberOf(value.lat ?? value.latitude), longitude = numberOf(value.long ?? value.lng ?? value.lon ?? value.longitude);
  return latitude === null || longitude === null ? null : { latitude, longitude };
}

function readResolution(value: Json | undefined): Resolution | null {
  if (!isObject(value)) return null;
  const perPixel = numberOf(value.resolution_ratio);
  if (perPixel === null || perPixel <= 0) return null;
  return { perPixel, unit: typeof value.resolution_unit === "string" ? value.resolution_unit : "" };
}

function rows(name: string, value: Json): { name: string; value: string }[] {
  if (isObject(value)) return Object.entries(value).flatMap(([key, inner]) => rows(`${name}.${key}`, inner));
  if (value === null) return [];
  return [{ name, value: Array.isArray(value) ? value.map((item: Json) => (typeof item === "object" ? JSON.stringify(item) : String(item))).join(", ") : String(value) }];
}
