import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. Every script works from here, wherever it was called from. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Name and version of the package manager; package.json is the one place where it is pinned. */
export const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const exe = process.platform === "win32" ? ".exe" : "";

/** The pinned Node, an npm package like any other; these scripts themselves run on whatever Node the machine has. */
export const pinnedNode = join(root, "node_modules/node/bin", `node${exe}`);

/** What bootstrap remembers. Below node_modules, so that deleting those deletes the claims about them, too. */
export const cacheFolder = join(root, "node_modules/.cache/sluice");

/** What Node has compiled of the modules it loads. With it a start takes two thirds of the time. */
const compileCache = join(root, "node_modules/.cache/node");

/**
 * The environment of child processes: the workspace's tools first, and none of the settings that npm hands to the
 * scripts it runs (a npm below would complain about each one that it does not know).
 */
export function childEnvironment(extra = {}) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(lifecycle|package)_|^npm_(command|execpath)$/.test(name),
  );
  const path = [join(root, "node_modules/.bin"), process.env.PATH].filter(Boolean).join(delimiter);
  return { NODE_COMPILE_CACHE: compileCache, ...Object.fromEntries(kept), PATH: path, ...extra };
}
