import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const fileIn = (dataDir: string): string => join(dataDir, "server-address");

/** Notes under which address a server runs, for commands beside it. Gone when it is disposed of. */
export async function publishAddress(dataDir: string, url: string): Promise<AsyncDisposable> {
  await mkdir(dataDir, { recursive: true });
  await writeFile(fileIn(dataDir), url);
  return { [Symbol.asyncDispose]: () => rm(fileIn(dataDir), { force: true }) };
}

/** The address that a server on this data folder noted last. */
export async function publishedAddress(dataDir: string): Promise<string | undefined> {
  return await readFile(fileIn(dataDir), "utf8").catch(() => undefined);
}
