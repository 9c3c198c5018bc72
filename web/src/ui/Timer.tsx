import { useEffect, useState, type ReactElement } from "react";

/** After this long without a sign of the person, time is not counted as work; in milliseconds. */
const IDLE = 60_000;

/** Time worked on this piece: counts while the page is visible and used. */
export function Timer(): ReactElement {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    let last = Date.now();
    const active = () => { last = Date.now(); };
    const signs = ["pointermove", "pointerdown", "keydown", "wheel"] as const;
    for (const sign of signs) window.addEventListener(sign, active, { passive: true, capture: true });
    const timer = setInterval(() => {
      if (document.visibilityState === "visible" && Date.now() - last < IDLE) setSeconds((value) => value + 1);
    }, 1000);
    return () => {
      clearInterval(timer);
      for (const sign of signs) window.removeEventListener(sign, active, { capture: true });
    };
  }, []);
  const two = (value: number) => String(value).padStart(2, "0");
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return <span className="timer" role="timer" aria-label="Time worked on this task">{text}</span>;
}
