import { type AssetStore, type EngineDeps, type Queryable, queryable } from "@sluice/engine";
import { type ChosenCandidate, readCandidates } from "./chosen-candidates.ts";
import type { ZippedFile } from "./zipped.ts";

/** Candidates that are read at a time. */
const PAGE = 50;

/** What an archive of a run's candidates is made from. */
export interface ArchiveDeps {
  readonly engine: Pick<EngineDeps, "pool">;
  readonly store: Pick<AssetStore, "read">;
}

/**
 * The files of an archive: for each candidate its text and its pictures, then `manifest.json`, which says of every file
 * whose it is. It comes last so that it tells what was put in: a picture that the server has lost is listed as missing
 * instead of failing the rest.
 *
 * @param about what the manifest begins with
 */
export async function* candidateFiles(
  deps: ArchiveDeps,
  about: object,
  chosen: readonly { readonly id: number; readonly rank: number | null }[],
): AsyncGenerator<ZippedFile, void> {
  const db: Queryable = queryable(deps.engine.pool);
  const names = uniqueNames();
  const told: object[] = [];
  for (let first = 0; first < chosen.length; first += PAGE) {
    for (const candidate of await readCandidates(db, chosen.slice(first, first + PAGE))) {
      const { text, assets, ...facts } = candidate;
      const name = names(candidate);
      const lastModified = candidate.createdAt;
      const files: { file: string | null; sha256?: string; mediaType: string; bytes: number }[] = [];
      if (text !== null) {
        const input = new TextEncoder().encode(text);
        files.push({ file: `${name}.txt`, mediaType: "text/plain; charset=utf-8", bytes: input.byteLength });
        yield { name: `${name}.txt`, lastModified, input };
      }
      for (const [place, asset] of assets.entries()) {
        const file = `${name}${place === 0 ? "" : `-${place + 1}`}${extensionOf(asset.mediaType)}`;
        const input = await readIfThere(deps.store, asset.sha256);
        files.push({ file: input ? file : null, ...asset });
        if (input) yield { name: file, lastModified, input };
      }
      told.push({ ...facts, files });
    }
  }
  const manifest = { ...about, candidates: told };
  yield { name: "manifest.json", lastModified: new Date(), input: `${JSON.stringify(manifest, null, 2)}\n` };
}

/** @returns undefined where the file is gone: a folder that was not restored with its database */
async function readIfThere(store: Pick<AssetStore, "read">, sha256: string): Promise<Uint8Array | undefined> {
  try {
    return await store.read(sha256);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** `step-2/round-1/2.1.3`, without an extension. Deep pipelines may call two the same: the second has its id as well. */
function uniqueNames(): (candidate: ChosenCandidate) => string {
  const taken = new Set<string>();
  return ({ id, step, round, label }) => {
    const name = `step-${step}/round-${round}/${label}`;
    const own = taken.has(name) ? `${name}~${id}` : name;
    taken.add(own);
    return own;
  };
}

function extensionOf(mediaType: string): string {
  const [, kind = "bin"] = /^image\/([a-z0-9]+)$/.exec(mediaType) ?? [];
  return kind === "jpeg" ? ".jpg" : `.${kind}`;
}
