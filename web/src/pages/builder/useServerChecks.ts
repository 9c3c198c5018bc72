import { useEffect, useMemo, useState } from "react";
import type { Api } from "../../api/client.js";
import { projectsOf } from "../../api/projects.js";
import type { Issue } from "../../model/checks.js";
import type { JsonObject } from "../../model/json.js";
import { words } from "../manage/useList.js";

/** Milliseconds after the last change before the server is asked. */
const PAUSE = 400;

export interface Checked {
  readonly issues: readonly Issue[];
  /** Whether the issues are about what stands there now. */
  readonly isCurrent: boolean;
  readonly fault: string;
}

/** What the server would say to these parameters, asked in a pause of the hand; null asks nothing. */
export function useServerChecks(api: Api, type: string, params: JsonObject | null): Checked {
  const calls = useMemo(() => projectsOf(api), [api]);
  const [found, setFound] = useState<{ readonly of: JsonObject | null; readonly issues: readonly Issue[]; readonly fault: string }>({ of: null, issues: [], fault: "" });
  useEffect(() => {
    if (params === null) return undefined;
    let current = true;
    const timer = setTimeout(() => {
      calls.check(type, params).then(
        (issues) => { if (current) setFound({ of: params, issues, fault: "" }); },
        (error: unknown) => { if (current) setFound((before) => ({ ...before, of: params, fault: words(error) })); },
      );
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [calls, type, params]);
  return { issues: found.issues, isCurrent: found.of === params, fault: found.fault };
}
