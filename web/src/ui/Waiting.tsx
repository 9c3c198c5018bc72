import type { ReactElement, ReactNode } from "react";
import { Icon } from "./Icon.js";
import "./Waiting.css";

interface MessageProps {
  readonly icon: "check" | "close";
  readonly title: string;
  readonly text: string;
  readonly note?: string;
  readonly fault?: string;
  /** What can be done, the usual first. */
  readonly children: ReactNode;
}

/** A page that says what happened, what is safe and what to do. */
export function Message({ icon, title, text, note, fault, children }: MessageProps): ReactElement {
  return (
    <main className="centre">
      <div className="card narrow message">
        <span className={`message-icon ${icon}`}><Icon name={icon} size={24} /></span>
        <h1>{title}</h1>
        <p>{text}</p>
        {note !== undefined && <p className="faint">{note}</p>}
        {fault !== undefined && <p className="form-fault" role="alert">{fault}</p>}
        <div className="actions">{children}</div>
      </div>
    </main>
  );
}

/** The frame of the editor while work is opened: the same places at once, and something that moves when it takes longer. */
export function OpeningFrame(): ReactElement {
  return (
    <div className="work">
      <header className="bar" />
      <main className="work-main">
        <div className="rail" />
        <div className="stage">
          <div className="chips delayed">{[64, 92, 78].map((width) => <i key={width} className="bone pill" style={{ width }} />)}</div>
          <div className="canvas-frame"><p className="canvas-wait delayed" role="status">Opening…</p></div>
        </div>
        <aside className="panel waiting" aria-label="Objects and answers"><div className="delayed bones">{[70, 52, 64, 40].map((width) => <i key={width} className="bone" style={{ width: `${width}%` }} />)}</div></aside>
      </main>
    </div>
  );
}
