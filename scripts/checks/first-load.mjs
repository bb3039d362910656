import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root } from "../bootstrap/paths.mjs";

/** Bytes of compressed script until the list of runs can be used, at most. */
export const MOST_BYTES = 200_000;

/** What the browser loads for the list of runs: the start, and that page with what stands around every page. */
const FIRST = ["index", "runs"];

/** The scripts of these names with everything they import, each once. Throws for a name that the build does not have. */
export function scriptsOf(manifest, names) {
  const files = new Set();
  const add = (key) => {
    const chunk = manifest[key];
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const each of chunk.imports ?? []) add(each);
  };
  for (const wanted of names) {
    const found = Object.entries(manifest).find(([, { name, file }]) => name === wanted && file.endsWith(".js"));
    if (!found) throw new Error(`The build of the dashboard has no ${wanted}: correct the list in scripts/checks.`);
    add(found[0]);
  }
  return [...files];
}

/** Prints how much script the first load takes; resolves to the exit code. */
export async function checkFirstLoad(dist = join(root, "packages/web/dist")) {
  const manifest = join(dist, ".vite/manifest.json");
  if (!existsSync(manifest)) {
    console.log("The dashboard is not built.");
    return 1;
  }
  const files = scriptsOf(JSON.parse(readFileSync(manifest, "utf8")), FIRST);
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0);
  const words = `${(bytes / 1000).toFixed(1)} kB of compressed script in ${files.length} files, of ${MOST_BYTES / 1000} kB`;
  if (bytes <= MOST_BYTES) {
    console.log(`✔ ${words}`);
    return 0;
  }
  console.log(`✘ ${words}: load what is not needed at once with the page or the dialog that needs it`);
  return 1;
}
