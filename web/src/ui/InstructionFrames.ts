import { createContext } from "react";

/** The origins whose pages may stand in instructions, by the server's policy. */
export const InstructionFrames = createContext<readonly string[]>([]);
