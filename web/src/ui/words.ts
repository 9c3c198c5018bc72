const TYPES: { readonly [type: string]: string } = {
  imageannotation: "Image annotation",
  annotation: "Boxes on a picture",
  polygonannotation: "Polygons on a picture",
  lineannotation: "Lines on a picture",
  pointannotation: "Points on a picture",
  cuboidannotation: "Cuboids on a picture",
  categorization: "Categorization",
  comparison: "Comparison",
  transcription: "Transcription",
  datacollection: "Data collection",
  textcollection: "Text collection",
  namedentityrecognition: "Entities in a text",
  documenttranscription: "Document transcription",
};

/** A task type in words; types that are unknown here are shown by their name. */
export function typeWords(type: string): string {
  return TYPES[type] ?? type;
}
