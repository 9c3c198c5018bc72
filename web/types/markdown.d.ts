// The packaged version of this library carries no typings; only what is used is declared.
declare module "marked" {
  export interface MarkdownToken {
    readonly type: string;
    readonly raw: string;
    readonly text?: string;
    readonly depth?: number;
    readonly href?: string;
    readonly ordered?: boolean;
    readonly start?: number | "";
    readonly tokens?: readonly MarkdownToken[];
    readonly items?: readonly MarkdownToken[];
    readonly header?: readonly { readonly tokens: readonly MarkdownToken[] }[];
    readonly rows?: readonly (readonly { readonly tokens: readonly MarkdownToken[] }[])[];
  }
  export const marked: { lexer(markdown: string, options?: { gfm?: boolean; breaks?: boolean }): MarkdownToken[] };
}
