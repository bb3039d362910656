import { whyBudgetIsSpent } from "../advance/run-budget.ts";
import { queryable } from "../db/queryable.ts";
import { isActive } from "../db/rows.ts";
import type { EngineDeps } from "../deps.ts";
import { activePeople, waitingGates } from "./deciders.ts";
import { diagnoseGate } from "./diagnose-gate.ts";
import { diagnoseStep } from "./diagnose-step.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { type RunFacts, runFacts, workerFacts } from "./run-facts.ts";

/**
 * Why runs do not go on, and what to do about it: everything that is found, what hinders most first; nothing where all is well.
 * A run that makes candidates, or is completed, is well. The number of statements does not depend on that of the runs,
 * but for gates with a policy, whose ranking is read.
 *
 * @param isElsewhere whether programs of the operator's claim the jobs of a generator, and no worker does
 */
export async function diagnose(
  deps: EngineDeps,
  runIds: readonly number[],
  isElsewhere: (generator: string) => boolean = () => false,
): Promise<Map<number, Diagnosis[]>> {
  const db = queryable(deps.pool);
  const facts = await runFacts(db, runIds);
  const open = facts.filter(({ status }) => isActive(status));
  const generating = open.some(({ steps }) => steps.some(({ queued, running }) => queued + running > 0));
  const waiting = open.some(({ steps }) => steps.some(({ status }) => status === "AWAITING_APPROVAL"));
  const workers = generating ? await workerFacts(db) : { alive: 0, generators: [], running: [] };
  const gates = waiting
    ? await waitingGates(
        db,
        open.map(({ runId }) => runId),
      )
    : [];
  const people = gates.length > 0 ? await activePeople(db) : [];

  const found = new Map<number, Diagnosis[]>();
  for (const run of facts) {
    const list: Diagnosis[] = [];
    if (isActive(run.status)) {
      for (const gate of gates) if (gate.runId === run.runId) list.push(...(await diagnoseGate(db, gate, people)));
      const spent = whyBudgetIsSpent(run.budget);
      for (const step of run.steps) list.push(...diagnoseStep(run.runId, step, workers, isElsewhere, spent));
    } else list.push(...diagnoseEnd(run));
    list.push(...diagnoseDeliveries(run));
    found.set(run.runId, list);
  }
  return found;
}

function diagnoseEnd(run: RunFacts): Diagnosis[] {
  const about = { runStepId: null, since: run.finishedAt };
  const why = run.reason ? `: ${run.reason}` : ".";
  const by = run.endedBy ? ` by ${run.endedBy}` : "";
  switch (run.status) {
    case "FAILED": {
      const failed = run.steps.find((step) => step.failed > 0 && !step.frozen);
      return [
        {
          code: "FAILED",
          message: `The run failed${why}`,
          action: failed
            ? `${whyBudgetIsSpent(run.budget) === null ? "Mend the cause" : "Raise the budget"}, then retry the failed jobs of step ${failed.position} (${failed.name}): the run goes on from there.`
            : "Fork the run at an earlier step, or create a new one.",
          ...about,
          runStepId: failed?.id ?? null,
        },
      ];
    }
    case "REJECTED":
    case "ABORTED":
      return [
        {
          code: run.status,
          message: `The run was ${run.status.toLowerCase()}${by}${why}`,
          action: "It stays as it is. Fork it at a step to go on from there with other settings, or create a new run.",
          ...about,
        },
      ];
    case "COMPLETED":
    case "RUNNING":
    case "WAITING_FOR_APPROVAL":
      return [];
    default:
      return run.status satisfies never;
  }
}

function diagnoseDeliveries({ failedDeliveries, deliveryError, deliveryFailedAt }: RunFacts): Diagnosis[] {
  if (failedDeliveries === 0) return [];
  const many = failedDeliveries === 1 ? "1 notification" : `${failedDeliveries} notifications`;
  return [
    {
      code: "DELIVERIES_FAILING",
      message: `${many} about this run did not arrive${deliveryError ? `; the last with: ${deliveryError}` : "."}`,
      action:
        "Mend the receiver, then replay the deliveries. The run itself does not wait for them; but whoever was to hear of it may not know.",
      runStepId: null,
      since: deliveryFailedAt,
    },
  ];
}
