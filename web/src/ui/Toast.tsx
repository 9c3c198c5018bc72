import { useEffect, useState, type ReactElement } from "react";
import type { Notice } from "../engine/setup.js";

const SHOWN = 5000;

/** Says something for a while. The region is always there, so that assistive technology hears of each change. */
export function Toast({ notice }: { notice: Notice | null }): ReactElement {
  const [shown, setShown] = useState<Notice | null>(null);
  useEffect(() => {
    setShown(notice);
    const timer = setTimeout(() => setShown(null), SHOWN);
    return () => clearTimeout(timer);
  }, [notice]);
  return <div className="toasts" role="status">{shown !== null && <p className="toast" key={shown.count}>{shown.text}</p>}</div>;
}
