import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { isBusy, isOutage } from "../db/outage.ts";
import { queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import { ApprovalFinalError, InvalidInputError, NotFoundError, UnavailableError } from "../errors.ts";
import { approveStep } from "./approve-step.ts";
import type { DecisionHook } from "./decision-hook.ts";
import { rejectStep } from "./reject-step.ts";

export interface BulkDecision {
  readonly approvalId: number;
  readonly decision: "APPROVE" | "REJECT";
  /** K; the run step's own where it is left out. Of an approval alone, as the next two. */
  readonly topK?: number | null | undefined;
  readonly rankingVersion?: number | null | undefined;
  readonly overrideReason?: string | null | undefined;
  readonly comment?: string | null | undefined;
}

/** What became of one of several decisions. */
export interface DecisionOutcome {
  readonly approvalId: number;
  /**
   * `SIGNED_OFF`: more people have to approve the same cut before the gate opens. `FAILED`: nothing was done. `UNKNOWN`: the
   * database was away before it said whether it was.
   */
  readonly outcome: "DECIDED" | "SIGNED_OFF" | "FAILED" | "UNKNOWN";
  /** Why it failed, or is not known. One that is no DomainError is a bug, whose message is not for callers. */
  readonly error: Error | null;
}

export const MAX_BULK = 100;
/** Runs that are decided at the same time: their decisions do not wait for each other, and connections are few. */
const AT_ONCE = 4;

/**
 * Decides several gates, each in a transaction of its own and by the same commands as one alone, so whatever holds
 * there holds here. One that fails stops none of the others. Gates of one run are decided in the order in which they
 * are given, so the second decision of the same request is refused as any second one is.
 *
 * A decision is bound to its request: where that was answered or taken back meanwhile, it is refused, even if the
 * step asks again by now (F6).
 *
 * @returns an outcome for each, in the same order
 * @throws ForbiddenError, InvalidInputError when there are none, or more than 100
 */
export async function decideApprovals(
  deps: EngineDeps,
  actor: Actor,
  decisions: readonly BulkDecision[],
): Promise<DecisionOutcome[]> {
  assertMay(actor, "DECIDE");
  if (decisions.length === 0 || decisions.length > MAX_BULK) {
    throw new InvalidInputError(`Give 1 to ${MAX_BULK} decisions; these are ${decisions.length}.`, "decisions");
  }
  const requests = await requestsOf(deps, decisions);
  const outcomes = new Array<DecisionOutcome>(decisions.length);
  // By run, and those whose request does not exist by themselves: nothing about them waits for anything.
  const runs = [
    ...Map.groupBy(decisions.keys(), (place) => requests.get(decisions[place]!.approvalId)?.runId).values(),
  ];
  const takeRuns = async (): Promise<void> => {
    for (let places = runs.shift(); places; places = runs.shift()) {
      for (const place of places) {
        const decision = decisions[place]!;
        outcomes[place] = await outcomeOf(deps, actor, decision, requests.get(decision.approvalId));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, takeRuns));
  return outcomes;
}

interface Request {
  readonly id: number;
  readonly runId: number;
  readonly runStepId: number;
}

async function requestsOf(deps: EngineDeps, decisions: readonly BulkDecision[]): Promise<Map<number, Request>> {
  const rows = await queryable(deps.pool).many<Request>(
    `SELECT id, pipeline_run_id AS "runId", pipeline_run_step_id AS "runStepId" FROM approvals WHERE id = ANY($1)`,
    [decisions.map(({ approvalId }) => approvalId)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

async function outcomeOf(
  deps: EngineDeps,
  actor: Actor,
  decision: BulkDecision,
  request: Request | undefined,
): Promise<DecisionOutcome> {
  const { approvalId } = decision;
  try {
    if (!request) throw new NotFoundError("There is no such approval.");
    const opened = await decide(deps, actor, decision, request);
    return { approvalId, outcome: opened ? "DECIDED" : "SIGNED_OFF", error: null };
  } catch (error) {
    if (isOutage(error) && !isBusy(error))
      return { approvalId, outcome: "UNKNOWN", error: new UnavailableError(UNKNOWN) };
    return { approvalId, outcome: "FAILED", error: sayable(error) };
  }
}

/** An outage meets one decision too. */
const UNKNOWN =
  "The database could not be reached, so it is not known whether this was decided. Look, then try again: nothing is decided twice.";
const TAKEN_BACK = "This request was taken back, since its step made candidates again. Look at the one that waits now.";

/** @returns false where it was a sign-off that is not the last */
async function decide(deps: EngineDeps, actor: Actor, decision: BulkDecision, request: Request): Promise<boolean> {
  const { runStepId } = request;
  const { comment } = decision;
  const also: DecisionHook = async (tx, answered) => {
    if (answered === request.id) return;
    // Under the run's lock, and before anything is committed: another request of the same step was met.
    const { status } = await tx.one<{ status: string }>(`SELECT status FROM approvals WHERE id = $1`, [request.id]);
    throw status === "CANCELLED" ? new ApprovalFinalError(runStepId, TAKEN_BACK) : new ApprovalFinalError(runStepId);
  };
  if (decision.decision === "REJECT") {
    await rejectStep(deps, actor, { runStepId, comment, also });
    return true;
  }
  const { topK, rankingVersion, overrideReason } = decision;
  const { opened } = await approveStep(deps, actor, { runStepId, topK, comment, rankingVersion, overrideReason, also });
  return opened;
}

/** Others in the way meet one decision, not the whole list; what it means for that one is said with it. */
function sayable(error: unknown): Error {
  if (isBusy(error)) {
    return new UnavailableError("The run is busy: what others do with it takes too long. Try again in a moment.");
  }
  return error instanceof Error ? error : new Error(String(error));
}
