export interface TypeChoice {
  readonly type: string;
  readonly name: string;
  readonly what: string;
  /** Whether people label it in the browser; the others are answered through the API. */
  readonly inBrowser: boolean;
}

/** What a project can be about, the usual first. */
export const TASK_TYPES: readonly TypeChoice[] = [
  { type: "imageannotation", name: "Image annotation", what: "Boxes, polygons, lines, points, ellipses and cuboids on a picture, with attributes and links.", inBrowser: true },
  { type: "categorization", name: "Categorization", what: "One or several categories for a picture, a text or a document.", inBrowser: false },
  { type: "textcollection", name: "Text collection", what: "A form of questions about attachments.", inBrowser: false },
  { type: "namedentityrecognition", name: "Entities in a text", what: "Spans of a text with labels and relations.", inBrowser: false },
  { type: "documenttranscription", name: "Document transcription", what: "The fields of a document, with the places where they stand.", inBrowser: false },
  { type: "transcription", name: "Transcription", what: "What is written or drawn, as fields and rows.", inBrowser: false },
  { type: "datacollection", name: "Data collection", what: "Facts that people look up, as fields.", inBrowser: false },
  { type: "comparison", name: "Comparison", what: "Which of several attachments is better, or how alike they are.", inBrowser: false },
  { type: "annotation", name: "Boxes only", what: "The older form of image annotation with boxes.", inBrowser: true },
  { type: "polygonannotation", name: "Polygons only", what: "The older form of image annotation with polygons.", inBrowser: true },
  { type: "lineannotation", name: "Lines only", what: "The older form of image annotation with lines.", inBrowser: true },
  { type: "pointannotation", name: "Points only", what: "The older form of image annotation with points.", inBrowser: true },
  { type: "cuboidannotation", name: "Cuboids only", what: "The older form of image annotation with cuboids.", inBrowser: true },
];
