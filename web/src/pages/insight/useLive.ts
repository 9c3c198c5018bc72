import { useEffect, useRef } from "react";
import { watch, type Change } from "../../api/changes.js";

/** How long to wait after something happened, so that a run of changes is read once, in milliseconds. */
const GATHER = 1_500;

/** Reads again a moment after something of interest happened, while the page can be seen. */
export function useLive(reload: () => void, concerns: (change: Change) => boolean = () => true, isOn = true): void {
  const latest = useRef({ reload, concerns });
  latest.current = { reload, concerns };
  useEffect(() => {
    if (!isOn) return undefined;
    let timer: number | null = null, missed = false;
    const read = () => {
      timer = null;
      if (document.visibilityState === "hidden") missed = true;
      else latest.current.reload();
    };
    const stop = watch((change) => {
      if (change !== null && !latest.current.concerns(change)) return;
      timer ??= window.setTimeout(read, GATHER);
    });
    const seen = () => {
      if (document.visibilityState === "hidden" || !missed) return;
      missed = false;
      latest.current.reload();
    };
    document.addEventListener("visibilitychange", seen);
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [isOn]);
}
