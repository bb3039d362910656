import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const EXAMPLES = fileURLToPath(new URL("../../../../docs/examples", import.meta.url));

/** An operator's file in a folder of its own. */
export interface OperatorsFile extends AsyncDisposable {
  readonly path: string;
}

/**
 * One of the examples of the documentation, as somebody copies it, with the address in it replaced by one that answers
 * here.
 */
export async function exampleFile(name: string, addresses: Readonly<Record<string, string>>): Promise<OperatorsFile> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-example-"));
  await cp(EXAMPLES, folder, { recursive: true, filter: (path) => !path.includes("node_modules") });
  const path = join(folder, name);
  let text = await readFile(path, "utf8");
  for (const [written, here] of Object.entries(addresses)) {
    if (!text.includes(written)) throw new Error(`${name} does not have the address ${written}.`);
    text = text.replaceAll(written, here);
  }
  await writeFile(path, text);
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
