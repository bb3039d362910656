import { SOURCE_STEP } from "../advance/source-step.ts";
import { applyAutomaticPolicy } from "../commands/apply-automatic-policy.ts";
import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import type { EventTail, TailEvent } from "../events/event-tail.ts";

/** How often it looks for gates that it has not heard of, and tries again what failed. */
const INTERVAL_MS = 1_000;

/** After these the evidence for a gate may be another. */
const EVIDENCE: ReadonlySet<TailEvent["type"]> = new Set([
  "vote_cast",
  "vote_undone",
  "approval_requested",
  "candidate_created",
  "candidate_rejected",
  "candidate_restored",
] as const);

interface WaitingGate {
  readonly approvalId: number;
  readonly runStepId: number;
  /** Of the candidates that the gate closes. */
  readonly rankingVersion: number;
}

/**
 * Opens gates by their automatic policies until it is disposed of. Several processes may: a gate opens once. What
 * there is to do is in the rows alone, so a kill loses nothing. It follows the events only while such a gate waits.
 */
export function watchAutomaticGates(
  engine: EngineDeps & { readonly tail: EventTail },
  onError: (error: unknown) => void,
): AsyncDisposable {
  let ended = false;
  let changed = false;
  let wake = (): void => {};
  let following: { stop(): void } | undefined;
  /** The ranking with which each request was judged: the same one is not judged twice. */
  let judged = new Map<number, number>();

  const follow = async (): Promise<void> => {
    const listening = engine.tail.listen((events) => {
      if (!events.some(({ type }) => EVIDENCE.has(type))) return;
      changed = true;
      wake();
    });
    following = listening;
    await listening.ready;
  };
  const look = async (): Promise<void> => {
    let waiting = await waitingGates(engine);
    if (waiting.length > 0 && !following) {
      await follow();
      // What came before it listened.
      waiting = await waitingGates(engine);
    }
    if (waiting.length === 0) {
      following?.stop();
      following = undefined;
    }
    const before = judged;
    judged = new Map();
    for (const { approvalId, runStepId, rankingVersion } of waiting) {
      if (ended) return;
      try {
        if (before.get(approvalId) !== rankingVersion) await applyAutomaticPolicy(engine, runStepId);
        judged.set(approvalId, rankingVersion);
      } catch (error) {
        onError(error);
      }
    }
  };
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, INTERVAL_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const watch = async (): Promise<void> => {
    while (!ended) {
      changed = false;
      await look().catch(onError);
      if (!changed && !ended) await pause();
    }
  };

  const watching = watch();
  return {
    async [Symbol.asyncDispose]() {
      ended = true;
      following?.stop();
      wake();
      await watching;
    },
  };
}

async function waitingGates({ pool }: EngineDeps): Promise<WaitingGate[]> {
  return await queryable(pool).many(
    `SELECT a.id AS "approvalId", rs.id AS "runStepId", source.ranking_version AS "rankingVersion"
     FROM approvals a
     JOIN pipeline_run_steps rs ON rs.id = a.pipeline_run_step_id
     CROSS JOIN LATERAL (${SOURCE_STEP}) source
     WHERE a.status = 'PENDING' AND rs.status = 'AWAITING_APPROVAL' AND rs.policy ? 'automatic'
     ORDER BY a.id`,
  );
}
