import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import type { EngineDeps } from "../deps.ts";
import { InvalidInputError } from "../errors.ts";
import { failJob } from "../jobs/finish-job.ts";
import type { Usage } from "../jobs/generator.ts";
import { countLateCost, findWantedJob, leaseEnded } from "../jobs/leased-job.ts";

export interface FailJobInput {
  readonly leaseToken: string;
  /** What went wrong, in words for people. */
  readonly error: string;
  /** Whether another attempt may do better. */
  readonly retryable: boolean;
  /** What the attempt has used all the same. */
  readonly usage?: Usage | undefined;
}

/**
 * Gives a leased job back as failed. A retryable one is queued again where it has attempts left. What an answer that
 * is refused has cost is counted all the same, once.
 *
 * @throws ForbiddenError, InvalidInputError; LeaseLostError when the job is not on this lease any more
 */
export async function failLeasedJob(
  deps: EngineDeps,
  actor: Actor,
  { leaseToken, error, retryable, usage }: FailJobInput,
): Promise<{ runId: number; jobId: number }> {
  assertMay(actor, "OPERATE");
  const message = error.trim();
  if (message === "") throw new InvalidInputError("Say what went wrong: people read it beside the job.", "error");
  const job = await findWantedJob(deps, leaseToken, usage);
  if (!(await failJob(deps, job, { message, retryable, usage }))) {
    await countLateCost(deps, job, usage);
    throw leaseEnded(job.jobId);
  }
  return { runId: job.runId, jobId: job.jobId };
}
