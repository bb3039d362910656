import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Actor } from "../actor.ts";
import { InvalidInputError } from "../errors.ts";
import { changes } from "../events/changes.ts";
import type { EventTail } from "../events/event-tail.ts";
import type { RunEventType } from "../events/event-types.ts";
import { MAX_WAITING_CLAIMS, type WaitingClaims, waitingClaims } from "../jobs/waiting-claims.ts";
import { type ClaimedJob, type ClaimJobDeps, type ClaimJobInput, claimJob } from "./claim-job.ts";

/** Longer ones are cut off by what stands between a program and the server. */
const MAX_WAIT_SECONDS = 30;

/** What no event tells of: a failed job's pause is over, a generator that is full here has room by another way. */
const LOOK_AGAIN_MS = 2_000;

/** Events of all runs wake whoever waits, and most are about other generators: many who wait must not keep the database busy. */
const AT_MOST_EVERY_MS = 200;

/** After these there may be a job: one was queued, or one that was in the way is done. */
const MAY_BRING_A_JOB: ReadonlySet<RunEventType> = new Set(["jobs_queued", "jobs_retried", "candidate_created"]);

const known = new WeakMap<pg.Pool, WaitingClaims>();

function waitingOn(pool: pg.Pool): WaitingClaims {
  const waiting = known.get(pool) ?? waitingClaims();
  known.set(pool, waiting);
  return waiting;
}

/**
 * `claimJob` that waits for a job where there is none yet, so that nobody has to ask in between.
 *
 * @param gone aborted once nobody waits for the answer any more: nothing is claimed for them. Without it nothing is waited for
 * @returns `job` null where none came within `waitSeconds`
 * @throws as `claimJob`; InvalidInputError where too many of theirs wait already
 */
export async function claimJobWithin(
  deps: ClaimJobDeps & { readonly tail: EventTail },
  actor: Actor,
  input: ClaimJobInput & { readonly waitSeconds: number },
  gone: AbortSignal | null,
): Promise<{ job: ClaimedJob | null; askAgainAfterSeconds: number }> {
  const { waitSeconds } = input;
  if (!(waitSeconds >= 0 && waitSeconds <= MAX_WAIT_SECONDS)) {
    throw new InvalidInputError(`A claim waits for 0 to ${MAX_WAIT_SECONDS} seconds.`, "waitSeconds");
  }
  const until = Date.now() + waitSeconds * 1_000;
  const first = await claimJob(deps, actor, input);
  if (first.job || waitSeconds === 0 || gone === null) return first;

  const claims = waitingOn(deps.pool);
  const stopWaiting = claims.begin(actor.id);
  if (!stopWaiting) {
    throw new InvalidInputError(
      `${MAX_WAITING_CLAIMS} claims of yours wait for a job already, which is as many as may at a time. Name several generators in one claim, or leave waitSeconds out.`,
      "waitSeconds",
    );
  }
  const none = { job: null, askAgainAfterSeconds: 0 };
  const queued = changes(deps.tail, ({ type }) => (MAY_BRING_A_JOB.has(type) ? [type] : []));
  const end = (): void => void queued.return?.();
  gone.addEventListener("abort", end, { once: true });
  try {
    await queued.ready;
    for (let change = queued.next(); ; ) {
      if (gone.aborted) return none;
      const lookedAt = Date.now();
      const claimed = await claims.look(async () => (gone.aborted ? none : await claimJob(deps, actor, input)));
      const left = until - Date.now();
      if (claimed.job) return claimed;
      if (left <= 0) return none;
      const timer = new AbortController();
      const seen = await Promise.race([change, sleep(Math.min(LOOK_AGAIN_MS, left), undefined, timer)]).finally(() =>
        timer.abort(),
      );
      if (seen?.done) return none;
      if (!seen) continue;
      const pause = lookedAt + AT_MOST_EVERY_MS - Date.now();
      if (pause > 0)
        await sleep(Math.min(pause, until - Date.now()), undefined, { signal: gone }).catch(() => undefined);
      change = queued.next();
    }
  } finally {
    gone.removeEventListener("abort", end);
    end();
    stopWaiting();
  }
}
