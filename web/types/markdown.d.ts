// The packaged versions of these two libraries carry no typings; only what is used is declared.
declare module "marked" {
  export const marked: { parse(markdown: string, options?: { gfm?: boolean; breaks?: boolean }): string };
}
declare module "dompurify" {
  const DOMPurify: {
    sanitize(html: string, options?: { USE_PROFILES?: { html: boolean }; FORBID_TAGS?: string[]; FORBID_ATTR?: string[] }): string;
    addHook(name: "afterSanitizeAttributes", hook: (node: Element) => void): void;
  };
  export default DOMPurify;
}
