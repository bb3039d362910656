import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { textsOfGenerators } from "@sluice/engine";

/** Far more than a file names. */
const MAX_FILES = 500;
const ABSENT = "absent";

export interface Fingerprint {
  /** Another one as soon as the file, or a file that its generators name, has changed, come or gone. */
  readonly text: string;
  /** The folders that those files are in. */
  readonly folders: readonly string[];
  /** How each of those files is. */
  readonly states: ReadonlyMap<string, string>;
}

/**
 * Tells what a file and the files beside it look like now. Which those are is guessed from its texts: any that leads to a
 * file counts, so that no kind of generator has to say what it reads.
 */
export function fingerprints(file: string): () => Promise<Fingerprint> {
  const folder = dirname(file);
  // Reading a large document takes long, and it is seldom another one.
  let known: { readonly text: string; readonly files: readonly string[] } | undefined;
  return async () => {
    const text = await readFile(file, "utf8").catch(() => "");
    if (known?.text !== text) known = { text, files: [file, ...namedIn(text, folder)] };
    const { files } = known;
    const states = await Promise.all(files.map(async (path) => ({ path, state: await stateOf(path) })));
    const hash = createHash("sha256").update(text);
    for (const { path, state } of states) hash.update(`\0\0${path}\0${state}`);
    const there = states.filter(({ state }) => state !== ABSENT).map(({ path }) => dirname(path));
    return {
      text: hash.digest("hex"),
      folders: [...new Set([folder, ...there])],
      states: new Map(states.map(({ path, state }) => [path, state])),
    };
  };
}

function namedIn(text: string, folder: string): string[] {
  const paths = textsOfGenerators(text)
    .filter((name) => name.length <= 500 && !/[\n\0]|^\w+:\/\//.test(name))
    .map((name) => resolve(folder, name));
  return [...new Set(paths)].slice(0, MAX_FILES);
}

/** What changes with a file; the same for all that is none. */
export async function stateOf(path: string): Promise<string> {
  try {
    const found = await stat(path, { bigint: true });
    // A folder changes with whatever is put into it.
    return found.isFile() ? `${found.ino} ${found.size} ${found.mtimeNs}` : ABSENT;
  } catch {
    return ABSENT;
  }
}
