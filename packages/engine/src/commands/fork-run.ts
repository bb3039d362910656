import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { advanceRun } from "../advance/advance-run.ts";
import { insertRunSteps, pipelineSteps } from "../advance/insert-run-steps.ts";
import { loadSteps, type StepState } from "../advance/step-state.ts";
import { takeOverCandidates } from "../advance/take-over-candidates.ts";
import { findRunId } from "../db/find-run.ts";
import { isActive } from "../db/rows.ts";
import { inLockedRun, type LockedRun, type RunTransaction, withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { NotForkableError } from "../errors.ts";
import type { ApprovalTemplate } from "../pipelines/definition.ts";
import { cameThrough } from "../rules/came-through.ts";
import type { Rankable } from "../rules/ranking.ts";
import { findTemplate, planStep, type StepPlan } from "../rules/step-plan.ts";
import { assertStorable } from "../rules/storable.ts";
import { stepOf } from "./decision-checks.ts";
import { type BudgetInput, checkBudget, checkName, checkSizes } from "./run-input.ts";

/** Of the budget, what is left out or null is that run's; nothing of it is spent yet. */
export interface ForkRunInput extends BudgetInput {
  /** The step whose gate is to be decided anew. */
  readonly runStepId: number;
  /** As that run where it is left out. */
  readonly name?: string | null | undefined;
  /** N of the steps that follow, 1 to 100; as in that run where it is left out. */
  readonly maxChildrenPerNode?: number | null | undefined;
  /** K of that step and those that follow, from 1; as in that run where it is left out. */
  readonly defaultTopK?: number | null | undefined;
  /** Another of the pipeline's approval templates; that run's where it is left out. */
  readonly approvalTemplate?: string | null | undefined;
}

/**
 * Creates a run that begins with the candidates of another, up to a step whose gate is decided anew: what a decision
 * that cannot be taken back asks for. Whatever opened that gate there, here a person does. What is before it is as it
 * was decided there; what follows is as in a new run of the same version of the pipeline. The other run is not changed,
 * may be in any state, and goes on if it can.
 *
 * @returns the new run's id, and the number of its last event
 * @throws NotFoundError, ForbiddenError, InvalidInputError (with the field); NotForkableError when the step has
 *   nothing that could be judged again, or not yet
 */
export async function forkRun(
  deps: EngineDeps,
  actor: Actor,
  input: ForkRunInput,
): Promise<{ runId: number; runStepId: number; eventSeq: number }> {
  assertMay(actor, "OPERATE");
  const wanted = { ...checkSizes(input), name: checkName(input.name), template: input.approvalTemplate };
  checkBudget(input);
  assertStorable(wanted.name, "The name", "name");
  const fromRunId = await findRunId(deps, "step", input.runStepId);
  // Under that run's lock, so that it stands still; nothing of it is written.
  return await withRun(deps, fromRunId, actor, async (from) => {
    const steps = await loadSteps(from);
    const step = stepOf(steps, input.runStepId);
    const judged = await judgedAgain(from, steps, step);
    const { templates, templateName } = await from.one<{ templates: ApprovalTemplate[]; templateName: string | null }>(
      `SELECT p.approval_templates AS templates, r.approval_template AS "templateName"
       FROM pipeline_runs r JOIN pipelines p ON p.id = r.pipeline_id WHERE r.id = $1`,
      [fromRunId],
    );
    const template = findTemplate(templates, wanted.template);
    const sizes = { n: wanted.n ?? from.run.maxChildrenPerNode, k: wanted.k ?? from.run.defaultTopK };
    const plans = (await pipelineSteps(from, from.run.pipelineId)).map((planned): StepPlan => {
      // What is not asked for stays as it is there.
      const theirs = steps[planned.position - 1];
      const kept = theirs && {
        maxChildren: theirs.maxChildren,
        topK: theirs.topKCount,
        policy: template ? planned.policy : theirs.policy,
      };
      return planStep(
        { ...planned, ...kept },
        { gates: deps.gates, reviewFirstStep: false, ...wanted, defaultN: sizes.n, defaultK: sizes.k, template },
      );
    });
    const run = await insertFork(from, actor, {
      ...wanted,
      ...sizes,
      maxJobs: input.maxJobs ?? null,
      maxCostUsd: input.maxCostUsd ?? null,
      position: step.position,
      template: template?.name ?? templateName,
    });
    return await inLockedRun(from, run, actor, async (tx) => {
      tx.emit("run_created", { pipelineId: run.pipelineId });
      tx.emit("run_forked", { fromRunId, position: step.position });
      await insertDecidedSteps(tx, fromRunId, step);
      const runStepId = await insertJudgedStep(tx, step, plans[step.position - 1]);
      await insertRunSteps(
        tx,
        plans.filter(({ position }) => position > step.position),
      );
      await takeOverCandidates(tx, {
        fromRunId,
        position: step.position,
        judgedStepId: step.sourceId,
        cameThrough: judged,
      });
      await advanceRun(tx);
      return { runId: run.id, runStepId, eventSeq: tx.run.eventSeq };
    });
  });
}

/**
 * What the gate of a step is to be decided about again: for an APPROVAL step, the ids of what came to it; null where it
 * is all that the step has made.
 *
 * @throws NotForkableError
 */
async function judgedAgain(
  from: RunTransaction,
  steps: readonly StepState[],
  step: StepState,
): Promise<number[] | null> {
  const run = `run #${from.run.id}`;
  const closed = steps.find(({ position, status }) => position < step.position && status !== "APPROVED");
  if (closed) {
    throw new NotForkableError(
      `Step ${closed.position} of ${run} is not approved, so step ${step.position} is not complete. Fork at step ${closed.position} instead.`,
    );
  }
  if (!step.settled || step.inFlight + step.openSlots > 0) {
    throw new NotForkableError(
      isActive(from.run.status)
        ? `Step ${step.position} of ${run} is still generating. Fork it when that is done.`
        : `Step ${step.position} of ${run} was never completed. ${
            step.position > 1 ? `Fork at step ${step.position - 1} instead.` : "Create a new run instead."
          }`,
    );
  }
  const candidates = await from.many<Rankable & { rejectedAt: Date | null; advancing: boolean }>(
    `SELECT c.id, c.elo, c.vote_count AS "voteCount", c.created_at AS "createdAt", c.rejected_at AS "rejectedAt",
            c.advancement = 'ADVANCING' AS advancing
     FROM candidates c JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id AND rs.round = c.round
     WHERE rs.id = $1`,
    [step.sourceId],
  );
  const judged =
    step.kind !== "APPROVAL"
      ? candidates.filter(({ rejectedAt }) => rejectedAt === null)
      : step.frozen
        ? cameThrough(candidates, await openedGates(from, step))
        : candidates.filter(({ advancing }) => advancing);
  if (judged.length === 0) {
    throw new NotForkableError(
      `Step ${step.position} of ${run} has no candidate left to decide about. Fork at an earlier step.`,
    );
  }
  return step.kind === "APPROVAL" ? judged.map(({ id }) => id) : null;
}

/** The gates between an APPROVAL step and the step whose candidates it closes. */
async function openedGates(from: RunTransaction, step: StepState) {
  return await from.many<{ k: number | null; at: Date }>(
    `SELECT CASE WHEN gate.gate <> 'OPEN' THEN gate.top_k_count END AS k, gate.frozen_at AS at
     FROM pipeline_run_steps gate JOIN pipeline_run_steps source ON source.id = $2
     WHERE gate.pipeline_run_id = $1 AND gate.position BETWEEN source.position AND $3 ORDER BY gate.position`,
    [from.run.id, step.sourceId, step.position - 1],
  );
}

async function insertFork(
  from: RunTransaction,
  actor: Actor,
  fork: {
    name: string | null;
    n: number;
    k: number;
    position: number;
    template: string | null;
    maxJobs: number | null;
    maxCostUsd: number | null;
  },
): Promise<LockedRun> {
  const run = await from.one<LockedRun>(
    `INSERT INTO pipeline_runs (pipeline_id, name, prompt, variables, max_children_per_node, default_top_k, created_by_id,
       approval_template, forked_from_id, forked_at_position, max_jobs, max_cost_usd)
     SELECT pipeline_id, coalesce($2, name), prompt, variables, $3, $4, $5, $6, id, $7, coalesce($8, max_jobs),
       coalesce($9, max_cost_usd)
     FROM pipeline_runs WHERE id = $1
     RETURNING id, name, pipeline_id AS "pipelineId", status, event_seq AS "eventSeq",
       default_top_k AS "defaultTopK", max_children_per_node AS "maxChildrenPerNode", created_by_id AS "createdById"`,
    [from.run.id, fork.name, fork.n, fork.k, actor.id, fork.template, fork.position, fork.maxJobs, fork.maxCostUsd],
  );
  return { ...run, ratingModel: from.run.ratingModel };
}

/** The steps whose gates are open there are open here, by the same decision. */
async function insertDecidedSteps(tx: RunTransaction, fromRunId: number, step: StepState): Promise<void> {
  await tx.query(
    `INSERT INTO pipeline_run_steps (pipeline_run_id, pipeline_step_id, position, status, gate, approved, approved_at,
       approved_by_id, comment, top_k_count, planned_top_k, max_children, ranking_version, frozen_at, settled_at,
       last_progress_at, next_ordinal, policy)
     SELECT $1, pipeline_step_id, position, status, gate, approved, approved_at, approved_by_id, comment, top_k_count,
       planned_top_k, max_children, ranking_version,
       -- An open step's candidates are voted on until the APPROVAL step behind it is decided.
       CASE WHEN gate = 'OPEN' AND id = $4 AND position = $3 - 1 THEN NULL ELSE frozen_at END,
       settled_at, last_progress_at, next_ordinal, policy
     FROM pipeline_run_steps WHERE pipeline_run_id = $2 AND position < $3 ORDER BY position`,
    [tx.run.id, fromRunId, step.position, step.sourceId],
  );
}

/**
 * As a step whose last candidate is just there: `advanceRun` asks for the decision. An automatic policy stays behind:
 * the votes that come along would open the gate at once, and a person is to decide it anew.
 */
async function insertJudgedStep(tx: RunTransaction, theirs: StepState, plan: StepPlan | undefined): Promise<number> {
  const { automatic: _, ...policy } = plan?.policy ?? theirs.policy;
  const { id } = await tx.one<{ id: number }>(
    `INSERT INTO pipeline_run_steps (pipeline_run_id, pipeline_step_id, position, status, gate, top_k_count, max_children,
       ranking_version, last_progress_at, next_ordinal, policy)
     SELECT $1, pipeline_step_id, position, 'GENERATING', 'MANUAL', $3, max_children, ranking_version, now(),
       next_ordinal, $4
     FROM pipeline_run_steps WHERE id = $2 RETURNING id`,
    [tx.run.id, theirs.id, plan?.k ?? theirs.topKCount, JSON.stringify(policy)],
  );
  return id;
}
