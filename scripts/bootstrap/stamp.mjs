import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { cacheFolder, root } from "./paths.mjs";

/** Folders whose content is made from the rest, and so is no input to anything. */
const made = new Set(["node_modules", "dist", "generated", ".sluice", ".git"]);

/** All files below `folder` that people write, in a stable order. A file stands for itself; what is missing, for nothing. */
export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  if (statSync(folder).isFile()) return [folder];
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return made.has(entry.name) ? [] : filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

/** A hash over names and contents of `inputs` (paths from the root) and over this platform, as packages are its own. */
export function hashOf(inputs) {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}`);
  for (const file of inputs.flatMap((input) => filesBelow(join(root, input)))) {
    hash.update(`\0${relative(root, file)}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** Whether a step was done for exactly these inputs, and what it made is still there. */
export function isDone({ name, inputs, outputs }) {
  const stamp = stampFile(name);
  if (!outputs.every((output) => existsSync(join(root, output)))) return false;
  return existsSync(stamp) && readFileSync(stamp, "utf8") === hashOf(inputs);
}

/**
 * Does a step and records it. The inputs are hashed before, so that an edit made meanwhile is not taken for done, and
 * the old record is removed first, so that an interrupted step is begun anew.
 */
export async function doStep({ name, inputs, work }) {
  const hash = hashOf(inputs);
  rmSync(stampFile(name), { force: true });
  await work();
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(stampFile(name), hash);
}

const stampFile = (name) => join(cacheFolder, `${name}.done`);
