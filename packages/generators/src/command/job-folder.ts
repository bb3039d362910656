import { randomBytes } from "node:crypto";
import { lstat, mkdir, mkdtemp, readdir, readlink, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join, relative } from "node:path";
import { GeneratorError } from "@sluice/engine";
import { z } from "zod";
import { killMarked, processIdentity } from "./processes.ts";
import { NotReadable, readRegularFile } from "./read-regular-file.ts";

/** A job's own folder. It and everything that the job's program started are gone when it is disposed of. */
export interface JobFolder extends AsyncDisposable {
  /** Where the program may write what it needs meanwhile. */
  readonly path: string;
  /** Where it puts the files that its answer names. */
  readonly out: string;
  /** What its processes are marked with. */
  readonly token: string;
  /** A file in `out`, whatever the program has put there: links lead nowhere else. */
  readOut(name: string, maxBytes: number): Promise<Uint8Array>;
}

const ownerSchema = z.object({ worker: z.int(), began: z.string(), space: z.string(), token: z.string() });

/** Behind a folder's name: the file beside it that says whose it is, and stays until the folder is gone. */
const OWNER = ".json";
const MAX_OWNER_BYTES = 10_000;

export async function createJobFolder(root = defaultRoot()): Promise<JobFolder> {
  await ensureRoot(root);
  // A job that starts looks after those that a killed worker has left.
  await sweep(root);
  const path = await mkdtemp(join(root, "job-"));
  const token = randomBytes(16).toString("hex");
  const began = (await processIdentity(process.pid)) ?? "";
  const owner = { worker: process.pid, began, space: await processSpace(), token };
  await writeFile(`${path}${OWNER}`, JSON.stringify(owner));
  const out = join(path, "out");
  await mkdir(out);
  return {
    path,
    out,
    token,
    readOut: (name, maxBytes) => readWithin(out, name, maxBytes),
    async [Symbol.asyncDispose]() {
      // What cannot be cleared away must not cost the result: a sweep tries again once the worker has ended.
      await clear(path, token).catch(() => undefined);
    },
  };
}

export function defaultRoot(): string {
  return join(tmpdir(), `sluice-jobs-${process.getuid?.() ?? "user"}`);
}

/** Nobody else may put anything where the folders are. */
async function ensureRoot(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const found = await lstat(root);
  const isOurs = found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
  if (isOurs && (found.mode & 0o022) === 0) return;
  throw new GeneratorError(
    `The folder ${root} belongs to somebody else, or others may write there. Delete it, or set TMPDIR to another one.`,
    { retryable: false },
  );
}

/** Ends what jobs of killed workers have left behind: their processes, then their folders. */
export async function sweep(root = defaultRoot()): Promise<void> {
  const space = await processSpace();
  for (const name of await readdir(root).catch(() => [])) {
    if (!name.endsWith(OWNER)) continue;
    const path = join(root, name.slice(0, -OWNER.length));
    const owner = await readOwner(path);
    // Being made just now, or by a worker in a container of its own, whose processes cannot be seen from here.
    if (!owner || owner.space !== space) continue;
    if ((await processIdentity(owner.worker)) === owner.began) continue;
    await clear(path, owner.token).catch(() => undefined);
  }
}

/** Ends a job's processes, then deletes its folder, and only then what says whose it is. */
async function clear(path: string, token: string): Promise<void> {
  await killMarked(token);
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
  await rm(`${path}${OWNER}`, { force: true });
}

async function readOwner(path: string): Promise<z.infer<typeof ownerSchema> | undefined> {
  try {
    return ownerSchema.parse(JSON.parse((await readRegularFile(`${path}${OWNER}`, MAX_OWNER_BYTES)).toString()));
  } catch {
    return undefined;
  }
}

/** Process numbers mean something only among those who share them. */
async function processSpace(): Promise<string> {
  return await readlink("/proc/self/ns/pid").catch(() => "");
}

async function readWithin(folder: string, name: string, maxBytes: number): Promise<Uint8Array> {
  const refuse = (why: string) =>
    new GeneratorError(`The program named the file "${name}", ${why}.`, { retryable: false });
  const path = await realpath(join(folder, name)).catch(() => {
    throw refuse("which it has not put into the folder $OUT");
  });
  const within = relative(await realpath(folder), path);
  if (within.startsWith("..") || isAbsolute(within)) throw refuse("which is not in the folder $OUT");
  try {
    return await readRegularFile(path, maxBytes);
  } catch (error) {
    throw refuse(error instanceof NotReadable ? error.message : "which cannot be read");
  }
}
