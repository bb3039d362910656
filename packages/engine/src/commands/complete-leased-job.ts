import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import { InvalidInputError } from "../errors.ts";
import type { StoredAsset } from "../jobs/asset-store.ts";
import { completeJob } from "../jobs/finish-job.ts";
import { GeneratorError, type Json, type Usage } from "../jobs/generator.ts";
import { checkGenerated } from "../jobs/job-runner.ts";
import { countLateCost, findWantedJob, leaseEnded } from "../jobs/leased-job.ts";
import type { GeneratorCatalog } from "../pipelines/catalogs.ts";
import { MAX_ASSETS } from "../rules/candidate-content.ts";
import { assertStorable } from "../rules/storable.ts";

export interface CompleteJobInput {
  readonly leaseToken: string;
  readonly text?: string | null | undefined;
  /** SHA-256 of assets that were uploaded before, in their order. */
  readonly assets?: readonly string[] | null | undefined;
  /** A mapping. */
  readonly meta?: unknown;
  readonly usage?: Usage | undefined;
  readonly warnings?: readonly string[] | null | undefined;
}

/**
 * Answers for a leased job with what was made. An answer that cannot be used leaves the job on its lease, so that the
 * right one can follow. What a refused one has cost is counted all the same, once.
 *
 * @throws ForbiddenError, InvalidInputError; LeaseLostError when the job is not on this lease any more
 */
export async function completeLeasedJob(
  deps: EngineDeps & { readonly generators: GeneratorCatalog },
  actor: Actor,
  input: CompleteJobInput,
): Promise<{ runId: number; candidateId: number }> {
  assertMay(actor, "OPERATE");
  const job = await findWantedJob(deps, input.leaseToken, input.usage);
  const { text, meta } = checkAnswer(input, deps.generators.get(job.generator)?.media);
  const assets = await findAssets(deps, input.assets ?? []);
  const candidateId = await completeJob(deps, job, {
    assets,
    text,
    meta,
    usage: input.usage,
    warnings: input.warnings ?? [],
  });
  if (candidateId === null) {
    await countLateCost(deps, job, input.usage);
    throw leaseEnded(job.jobId);
  }
  return { runId: job.runId, candidateId };
}

function checkAnswer(
  { text: sent, assets, meta, usage }: CompleteJobInput,
  media: "image" | "text" | undefined,
): { text: string | null; meta: { readonly [key: string]: Json } } {
  // Blanks are nothing that anybody could judge.
  const text = sent?.trim() ? sent : null;
  if (meta != null && (typeof meta !== "object" || Array.isArray(meta))) {
    throw new InvalidInputError('The meta is a mapping, such as { "model": "…" }.', "meta");
  }
  assertStorable(meta, "The meta", "meta");
  if (media === "text" && text === null) throw new InvalidInputError("This generator makes texts: send one.", "text");
  if (media === "image" && !assets?.length) {
    throw new InvalidInputError(
      "This generator makes images: upload one with POST /assets, and send its sha256.",
      "assets",
    );
  }
  if (assets && assets.length > MAX_ASSETS) {
    throw new InvalidInputError(`A candidate has at most ${MAX_ASSETS} assets.`, "assets");
  }
  const known = (meta ?? {}) as { readonly [key: string]: Json };
  try {
    const checked = checkGenerated({ assets: assets ?? [], text, meta: known, usage });
    return { text: checked.text, meta: known };
  } catch (error) {
    if (error instanceof GeneratorError) throw new InvalidInputError(error.message);
    throw error;
  }
}

/**
 * What is found is used from now on: whoever deletes unused assets leaves it alone, or has deleted it and it is not
 * found. Merely read, it could be gone before the candidate has it, and the row would come back without its file.
 */
async function findAssets({ pool }: EngineDeps, hashes: readonly string[]): Promise<StoredAsset[]> {
  if (hashes.length === 0) return [];
  const found = await queryable(pool).many<StoredAsset>(
    `WITH held AS (SELECT sha256 FROM assets WHERE sha256 = ANY($1) ORDER BY sha256 FOR UPDATE)
     UPDATE assets a SET created_at = now() FROM held WHERE a.sha256 = held.sha256
     RETURNING a.sha256, a.media_type AS "mediaType", a.bytes::int AS bytes, a.width, a.height`,
    [hashes],
  );
  return hashes.map((sha256) => {
    const asset = found.find((each) => each.sha256 === sha256);
    if (asset) return asset;
    throw new InvalidInputError(
      `There is no asset "${sha256.slice(0, 80)}". Upload its bytes with POST /assets, and send the sha256 of the answer.`,
      "assets",
    );
  });
}
