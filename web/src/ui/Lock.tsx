import type { ReactElement } from "react";
import { Icon } from "./Icon.js";

/** What may not be done here, and why. */
export function Lock({ words }: { words: string }): ReactElement {
  return <p className="lock"><Icon name="lock" size={15} /><span>{words}</span></p>;
}
