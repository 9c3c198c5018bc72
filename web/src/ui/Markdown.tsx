import { marked, type MarkdownToken } from "marked";
import { Fragment, type ReactElement, type ReactNode } from "react";

/**
 * Markdown from outside as elements. The text is only ever parsed, never turned into HTML, so nothing in it can become a script, a frame
 * or an event handler; HTML inside it is shown as the text it is.
 */
export function Markdown({ text }: { text: string }): ReactElement {
  return <>{blocks(marked.lexer(text, { gfm: true, breaks: true }))}</>;
}

const SAFE_LINK = /^(https?:|mailto:)/i;
const SAFE_PICTURE = /^https?:/i;
const ENTITIES: { readonly [entity: string]: string } = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };

function blocks(tokens: readonly MarkdownToken[]): ReactNode {
  return tokens.map((token, i) => <Fragment key={i}>{block(token)}</Fragment>);
}

function block(token: MarkdownToken): ReactNode {
  switch (token.type) {
    case "space": return null;
    case "hr": return <hr />;
    case "heading": return <h2>{inlines(token.tokens)}</h2>;
    case "paragraph": return <p>{inlines(token.tokens)}</p>;
    case "code": return <pre><code>{token.text}</code></pre>;
    case "blockquote": return <blockquote>{blocks(token.tokens ?? [])}</blockquote>;
    case "list": {
      const items = (token.items ?? []).map((item, i) => <li key={i}>{blocks(item.tokens ?? [])}</li>);
      return token.ordered === true ? <ol start={token.start === "" ? 1 : token.start}>{items}</ol> : <ul>{items}</ul>;
    }
    case "table": return (
      <table>
        <thead><tr>{token.header?.map((cell, i) => <th key={i}>{inlines(cell.tokens)}</th>)}</tr></thead>
        <tbody>{token.rows?.map((row, i) => <tr key={i}>{row.map((cell, j) => <td key={j}>{inlines(cell.tokens)}</td>)}</tr>)}</tbody>
      </table>
    );
    case "text": return token.tokens === undefined ? plain(token) : inlines(token.tokens);
    default: return plain(token);
  }
}

function inlines(tokens: readonly MarkdownToken[] = []): ReactNode {
  return tokens.map((token, i) => <Fragment key={i}>{inline(token)}</Fragment>);
}

function inline(token: MarkdownToken): ReactNode {
  switch (token.type) {
    case "strong": return <strong>{inlines(token.tokens)}</strong>;
    case "em": return <em>{inlines(token.tokens)}</em>;
    case "del": return <del>{inlines(token.tokens)}</del>;
    case "br": return <br />;
    case "codespan": return <code>{plain(token)}</code>;
    case "link": return SAFE_LINK.test(token.href ?? "") ? <Outside href={token.href}>{inlines(token.tokens)}</Outside> : inlines(token.tokens);
    // Pictures from elsewhere would tell that address who labels what, and the server's rules for the page refuse them: they are linked.
    case "image": return SAFE_PICTURE.test(token.href ?? "") ? <Outside href={token.href}>{plain(token) === "" ? "Picture" : plain(token)}</Outside> : plain(token);
    default: return plain(token);
  }
}

function Outside({ href, children }: { href: string | undefined; children: ReactNode }): ReactElement {
  return <a href={href} target="_blank" rel="noopener noreferrer">{children}</a>;
}

/** The text of a token; the lexer escapes some texts for HTML, which elements do not need. */
function plain({ text, raw }: MarkdownToken): string {
  return (text ?? raw).replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity]);
}
