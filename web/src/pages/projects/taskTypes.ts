import type { JsonObject } from "../../model/json.js";

export interface TypeChoice {
  readonly type: string;
  readonly name: string;
  readonly what: string;
  /** Whether people label it in the browser; the others are answered through the API. */
  readonly inBrowser: boolean;
  /** Parameters to begin from where they are written as text. */
  readonly example?: JsonObject;
}

/** What a project can be about, the usual first. */
export const TASK_TYPES: readonly TypeChoice[] = [
  { type: "imageannotation", name: "Image annotation", what: "Boxes, polygons, lines, points, ellipses and cuboids on a picture, with attributes and links.", inBrowser: true },
  { type: "categorization", name: "Categorization", what: "One or several categories for a picture, a text or a document.", inBrowser: false,
    example: { attachment_type: "image", categories: ["sunny", "cloudy", { choice: "rainy", subchoices: ["drizzle", "downpour"] }], allow_multiple: false } },
  { type: "textcollection", name: "Text collection", what: "A form of questions about attachments.", inBrowser: false,
    example: { title: "Menu item", fields: [{ type: "text", field_id: "name", title: "Name", required: true }, { type: "category", field_id: "course", title: "Course", choices: [{ label: "Soup", value: "soup" }, { label: "Main", value: "main" }] }] } },
  { type: "namedentityrecognition", name: "Entities in a text", what: "Spans of a text with labels and relations.", inBrowser: false,
    example: { labels: [{ name: "person" }, { name: "place", description: "Where something is." }], relationships: [] } },
  { type: "documenttranscription", name: "Document transcription", what: "The fields of a document, with the places where they stand.", inBrowser: false,
    example: { geometry: "box", features: [{ type: "text", label: "total" }, { type: "block", label: "barcode" }] } },
  { type: "transcription", name: "Transcription", what: "What is written or drawn, as fields and rows.", inBrowser: false,
    example: { attachment_type: "image", fields: { shop: "Name of the shop", total: "Total amount" }, repeatable_fields: { item: "What", price: "Price" } } },
  { type: "datacollection", name: "Data collection", what: "Facts that people look up, as fields.", inBrowser: false,
    example: { attachment_type: "website", fields: { address: "Where the company sits", phone: "How to call it" } } },
  { type: "comparison", name: "Comparison", what: "Which of several attachments is better, or how alike they are.", inBrowser: false,
    example: { attachment_type: "image", choices: ["first", "second", "equal"] } },
  { type: "annotation", name: "Boxes only", what: "The older form of image annotation with boxes.", inBrowser: true, example: { objects_to_annotate: ["cow", "calf"] } },
  { type: "polygonannotation", name: "Polygons only", what: "The older form of image annotation with polygons.", inBrowser: true, example: { objects_to_annotate: ["cow", "calf"] } },
  { type: "lineannotation", name: "Lines only", what: "The older form of image annotation with lines.", inBrowser: true, example: { objects_to_annotate: ["cow", "calf"] } },
  { type: "pointannotation", name: "Points only", what: "The older form of image annotation with points.", inBrowser: true, example: { objects_to_annotate: ["cow", "calf"] } },
  { type: "cuboidannotation", name: "Cuboids only", what: "The older form of image annotation with cuboids.", inBrowser: true, example: { objects_to_annotate: ["cow", "calf"] } },
];
