// Checks that sources import only from layers below their own. Usage: node tools/layers.mjs <folder with the layers>
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

const BELOW = {
  math: [],
  model: ["math"],
  engine: ["math", "model"],
  shapes: ["math", "model", "engine"],
  scenes: ["math", "model", "engine", "shapes"],
  api: ["math", "model"],
  ui: ["math", "model", "engine", "shapes", "scenes", "api"],
  pages: ["math", "model", "engine", "shapes", "scenes", "api", "ui"],
  "main.tsx": ["math", "model", "engine", "shapes", "scenes", "api", "ui", "pages"],
};
/** Only these layers may know React; the others must run without a page. */
const WITH_REACT = new Set(["ui", "pages", "main.tsx"]);
const IMPORT = /(?:from\s+|import\s*\(\s*|import\s+)["']([^"']+)["']/g;

const root = resolve(process.argv[2] ?? "src");
const faults = [];
for (const file of sources(root)) {
  const layer = layerOf(file);
  if (!(layer in BELOW)) {
    if (/\.tsx?$/.test(file)) faults.push(`${relative(root, file)} belongs to no layer`);
    continue;
  }
  for (const [, target] of readFileSync(file, "utf8").matchAll(IMPORT)) {
    if (target.startsWith(".")) {
      const other = layerOf(resolve(dirname(file), target));
      if (other !== layer && !BELOW[layer].includes(other) && !target.endsWith(".css")) {
        faults.push(`${relative(root, file)} (${layer}) must not import ${target} (${other})`);
      }
    } else if (/^react(-dom)?(\/|$)/.test(target) && !WITH_REACT.has(layer)) {
      faults.push(`${relative(root, file)} (${layer}) must not import ${target}`);
    }
  }
}
for (const fault of faults) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);

function layerOf(file) {
  return relative(root, file).split(sep)[0];
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
