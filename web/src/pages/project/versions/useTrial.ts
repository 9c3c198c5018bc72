import { useEffect, useMemo, useRef, useState } from "react";
import type { Api } from "../../../api/client.js";
import { sumOfTrials, versionsOf, type Trial } from "../../../api/versions.js";
import type { JsonObject } from "../../../model/json.js";
import { words } from "../../manage/useList.js";

export interface RunningTrial {
  readonly trial: Trial | null;
  /** Whether all tasks were tried. */
  readonly isDone: boolean;
  readonly isStopped: boolean;
  readonly fault: string;
  readonly stop: () => void;
}

/** Tries parameters on all tasks of a project, call by call, and adds up what the calls find. Starts anew when the parameters change. */
export function useTrial(api: Api, project: string, params: JsonObject): RunningTrial {
  const calls = useMemo(() => versionsOf(api, project), [api, project]);
  const [trial, setTrial] = useState<Trial | null>(null);
  const [isDone, setDone] = useState(false);
  const [isStopped, setStopped] = useState(false);
  const [fault, setFault] = useState("");
  const stopped = useRef(false);
  const text = JSON.stringify(params);
  useEffect(() => {
    let isOver = false;
    stopped.current = false;
    setTrial(null);
    setDone(false);
    setStopped(false);
    setFault("");
    void (async () => {
      try {
        let sum: Trial | null = null, cursor: string | undefined;
        do {
          const found: Trial = await calls.try(params, cursor);
          if (isOver) return;
          sum = sumOfTrials(sum, found);
          setTrial(sum);
          cursor = found.next;
        } while (cursor !== undefined && !stopped.current);
        setDone(cursor === undefined);
        setStopped(cursor !== undefined);
      } catch (error) {
        if (!isOver) setFault(words(error));
      }
    })();
    return () => { isOver = true; };
  }, [calls, text]);
  return { trial, isDone, isStopped, fault, stop: () => { stopped.current = true; } };
}
