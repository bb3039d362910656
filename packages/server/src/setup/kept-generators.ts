import { dirname, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { DeclaredGenerator } from "@sluice/engine";
import { type Fingerprint, stateOf } from "./fingerprint.ts";

interface Known {
  readonly declared: DeclaredGenerator;
  readonly madeFrom: unknown;
}

/**
 * Lets generators outlast a change of the operator's file that is not about them: with the connections they hold, and what
 * was found when they were looked at last.
 *
 * @returns the generators as they are to be used: those from before where neither their entry nor a file that it names has changed
 */
export function keptGenerators(
  file: string,
): (
  declared: ReadonlyMap<string, DeclaredGenerator>,
  found: Fingerprint,
) => Promise<ReadonlyMap<string, DeclaredGenerator>> {
  let known: ReadonlyMap<string, Known> = new Map();
  return async (declared, found) => {
    const next = new Map<string, Known>();
    for (const [name, each] of declared) {
      const madeFrom = [each.kind, each.settings, await statesOf(textsIn(each.settings), dirname(file), found)];
      const before = known.get(name);
      next.set(name, before && isDeepStrictEqual(before.madeFrom, madeFrom) ? before : { declared: each, madeFrom });
    }
    known = next;
    return new Map([...next].map(([name, { declared: kept }]) => [name, kept]));
  };
}

/** As they were before the generators were made: what changed while they were, is found by the next look. */
async function statesOf(texts: readonly string[], folder: string, found: Fingerprint): Promise<readonly string[]> {
  const paths = texts.filter((text) => !/[\n\0]/.test(text)).map((text) => resolve(folder, text));
  return await Promise.all(paths.map(async (path) => found.states.get(path) ?? (await stateOf(path))));
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
