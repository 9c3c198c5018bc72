// Proves that the layer check accepts a clean tree and refuses each kind of fault.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const tool = join(dirname(fileURLToPath(import.meta.url)), "layers.mjs");
const cases = [
  ["a layer may import from below", { "model/a.ts": 'import { b } from "../math/b.js";' }, 0],
  ["a layer may import from itself", { "shapes/box/a.ts": 'import { b } from "../polygon/b.js";' }, 0],
  ["mathematics imports nothing", { "math/a.ts": 'import { b } from "../model/b.js";' }, 1],
  ["the engine does not know shapes", { "engine/a.ts": 'import type { B } from "../shapes/box/Shape.js";' }, 1],
  ["the typed client does not know the engine", { "api/a.ts": 'export { b } from "../engine/b.js";' }, 1],
  ["a lazy import counts", { "scenes/a.ts": 'const b = await import("../ui/b.js");' }, 1],
  ["an import over several lines counts", { "engine/a.ts": 'import {\n  b,\n} from "../pages/b.js";' }, 1],
  ["only pages know React", { "engine/a.ts": 'import { useState } from "react";' }, 1],
  ["pages may know React", { "pages/a.tsx": 'import { useState } from "react";' }, 0],
  ["every file belongs to a layer", { "stray/a.ts": "" }, 1],
];
let failed = 0;
for (const [name, files, expected] of cases) {
  const root = mkdtempSync(join(tmpdir(), "layers-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const { status } = spawnSync(process.execPath, [tool, root], { encoding: "utf8" });
  rmSync(root, { recursive: true });
  if (status !== expected) {
    failed += 1;
    console.error(`not ok: ${name} (exit status ${status}, expected ${expected})`);
  }
}
console.log(`layer check: ${cases.length - failed} of ${cases.length} cases as expected`);
process.exit(failed === 0 ? 0 : 1);
