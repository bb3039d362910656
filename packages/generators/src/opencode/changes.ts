import { setTimeout as pause } from "node:timers/promises";
import type { Json } from "@sluice/engine";
import type { OpencodeClient } from "./client.ts";
import type { FileDiff, Message } from "./payloads.ts";

/** OpenCode compares the folder's files after the session has become idle. */
const TRIES = 20;
const PAUSE_MS = 250;
/** Of all patches, as JSON: well within what may be kept with a candidate. */
const MAX_KEPT = 100_000;
const MAX_FILES = 500;

/** The files that the agent has changed; in a folder that is no git repository, OpenCode does not know. */
export async function changedFiles(
  client: OpencodeClient,
  sessionId: string,
  messages: readonly Message[],
  signal: AbortSignal,
): Promise<FileDiff[]> {
  const asked = messages.filter(({ info }) => info.role === "user");
  const expected = messages.some(({ parts }) => parts.some(({ type, files }) => type === "patch" && files?.length));
  for (let tries = 1; ; tries++) {
    const found = await Promise.all(asked.map(({ info }) => client.diff(sessionId, info.id, signal)));
    const files = found.flat();
    if (!expected || files.length > 0 || tries >= TRIES) return files;
    await pause(PAUSE_MS, undefined, { signal });
  }
}

/** The changes as they are kept with a candidate, and a sentence where they had to be shortened. */
export function keptChanges(files: readonly FileDiff[]): { diff: Json[]; warning: string | null } {
  let left = MAX_KEPT;
  let shortened = files.length > MAX_FILES;
  const diff = files.slice(0, MAX_FILES).map(({ file, status, additions, deletions, patch }) => {
    const size = JSON.stringify(patch).length;
    const fits = size <= left;
    if (fits) left -= size;
    else shortened = true;
    return { file: storable(file.slice(0, 200)), status, additions, deletions, patch: fits ? storable(patch) : null };
  });
  return {
    diff,
    warning: shortened
      ? `The agent changed ${files.length} files; their patches are longer than 100 kB, and those that did not fit are not kept.`
      : null,
  };
}

/** For an agent that changed files and wrote nothing about it. */
export function describeChanges(files: readonly FileDiff[]): string {
  return files
    .slice(0, MAX_FILES)
    .map(({ file, status, additions, deletions }) => `- ${file} (${status}, +${additions} −${deletions})`)
    .join("\n");
}

/** PostgreSQL takes neither of these in JSON. */
function storable(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}
