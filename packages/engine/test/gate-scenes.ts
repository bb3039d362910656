import type { Actor } from "../src/actor.ts";
import { createRun } from "../src/commands/create-run.ts";
import type { VoteOutcome } from "../src/db/rows.ts";
import type { DecisionPolicy } from "../src/rules/decision-policy.ts";
import { type CandidateRow, type EngineKit, engineKit, type StepSpec } from "../src/testing/engine-kit.ts";
import { bySlot } from "./scenes.ts";

/** A run that waits at its first gate. */
export interface GateScene {
  readonly runId: number;
  readonly runStepId: number;
  /** In the order of their slots. */
  readonly candidates: readonly CandidateRow[];
}

let pipelines = 0;

/** Creates a run whose first gate waits under a policy. Somebody has to make the candidates. */
export async function gateScene(
  kit: EngineKit,
  policy: DecisionPolicy,
  options: {
    readonly candidates?: number;
    readonly k?: number;
    readonly creator?: Actor;
    readonly after?: readonly StepSpec[];
  } = {},
): Promise<GateScene> {
  pipelines += 1;
  const pipeline = `gate ${pipelines}`;
  const { candidates = 3, k = 2, creator = kit.actor, after = [{}] } = options;
  await kit.newPipeline(pipeline, [{ gate: "MANUAL", maxChildren: candidates, topK: k, policy }, ...after]);
  const { runId } = await createRun(kit.engine, creator, { pipeline, prompt: "a test" });
  const { id: runStepId } = await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
  return { runId, runStepId, candidates: await bySlot(kit, runId, 1) };
}

/** One person's votes on every pair of a step: the candidate of the lower slot wins, unless said otherwise. */
export async function voteAll(
  kit: EngineKit,
  voter: Actor,
  { candidates }: GateScene,
  outcome: VoteOutcome = "LEFT",
): Promise<void> {
  for (const [place, left] of candidates.entries()) {
    for (const right of candidates.slice(place + 1)) {
      await kit.engine.castVote(voter, { leftId: left.id, rightId: right.id, outcome });
    }
  }
}

/** What is recorded of a gate's decisions, the oldest first. */
export async function decisionsOf(kit: EngineKit, runStepId: number): Promise<DecisionRow[]> {
  return await kit.db.many(
    `SELECT a.status, p.name AS by, a.channel, a.top_k AS "topK", a.comment, a.override_reason AS "overrideReason",
            a.snapshot, a.policy, a.ranking_version AS "rankingVersion"
     FROM approvals a LEFT JOIN actors p ON p.id = a.decided_by_id
     WHERE a.pipeline_run_step_id = $1 AND a.status <> 'PENDING' ORDER BY a.id`,
    [runStepId],
  );
}

export interface DecisionRow {
  readonly status: string;
  readonly by: string | null;
  readonly channel: string;
  readonly topK: number | null;
  readonly comment: string | null;
  readonly overrideReason: string | null;
  readonly snapshot: {
    readonly ranked: readonly { readonly id: number; readonly elo: number; readonly votes: number }[];
    readonly topKConfidence: number;
    readonly automatic?: unknown;
  } | null;
  readonly policy: unknown;
  readonly rankingVersion: number;
}

/** Events of a run of one type, the oldest first. */
export async function eventsOfType(kit: EngineKit, runId: number, type: string): Promise<unknown[]> {
  const rows = await kit.db.many<{ data: unknown }>(
    `SELECT data FROM run_events WHERE pipeline_run_id = $1 AND type = $2 ORDER BY seq`,
    [runId, type],
  );
  return rows.map(({ data }) => data);
}

/** An engine of its own on the kit's database, as another process would be. It leaves the database in place. */
export async function anotherEngine(kit: EngineKit): Promise<EngineKit> {
  return await engineKit({ database: { url: kit.url, [Symbol.asyncDispose]: async () => {} } });
}
