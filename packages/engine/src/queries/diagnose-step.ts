import { GENERATION_STALL_SECONDS } from "../advance/due-alerts.ts";
import { spokenDuration } from "../rules/spoken-duration.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { StepFacts, WorkerFacts } from "./run-facts.ts";

/**
 * What keeps a step of an active run from making its candidates. Empty while it makes them.
 *
 * @param spent why the run's own budget is spent, as a sentence; null while it is not
 */
export function diagnoseStep(
  runId: number,
  step: StepFacts,
  workers: WorkerFacts,
  isElsewhere: (generator: string) => boolean,
  spent: string | null,
): Diagnosis[] {
  const title = `Step ${step.position} (${step.name})`;
  const since = step.lastProgressAt === null ? null : new Date(step.lastProgressAt);
  const about = { runStepId: step.id, since };
  const errors = step.errors.length > 0 ? ` ${ended(step.errors.join("; "))}` : "";
  const inFlight = step.queued + step.running;
  const found: Diagnosis[] = [];

  const { generator } = step;
  const elsewhere = generator !== null && isElsewhere(generator);
  if (elsewhere) {
    if (step.queued > 0 && step.running === 0 && step.retrying < step.queued) {
      found.push({
        code: "NO_GENERATOR",
        message: `${title} has ${jobs(step.queued)} queued, and no program has claimed one of the generator ${generator}.`,
        action: `Start the program that claims the jobs of ${generator} over the API, or look why it does not.`,
        ...about,
      });
    }
  } else if (inFlight > 0 && workers.alive === 0) {
    found.push({
      code: "NO_WORKER",
      message: `${title} has ${jobs(inFlight)} to do, and no worker runs.`,
      action: "Start one: `npm run sluice -- worker`, or start the server without SLUICE_WORKER=off.",
      ...about,
    });
  } else if (step.queued > 0 && generator !== null && !workers.generators.includes(generator)) {
    found.push({
      code: "NO_GENERATOR",
      message: `${title} has ${jobs(step.queued)} queued. No worker that runs has the generator ${generator}.`,
      action: `Start a worker whose operator's file (SLUICE_PIPELINES) declares ${generator}, or declare it again.`,
      ...about,
    });
  } else if (step.queued > 0 && step.running === 0 && step.retrying < step.queued) {
    const others = workers.running.filter((busy) => busy.runId !== runId);
    const busy = others.reduce((sum, each) => sum + each.jobs, 0);
    if (busy > 0) {
      found.push({
        code: "WORKER_BUSY",
        message: `${title} has ${jobs(step.queued)} queued, while ${workers.alive === 1 ? "the worker makes" : `${workers.alive} workers make`} ${jobs(busy)} of ${others.length === 1 ? `run #${others[0]?.runId}` : `${others.length} other runs`}.`,
        action: "Runs take turns, so wait; or start another worker: `npm run sluice -- worker`.",
        ...about,
      });
    }
  }
  const quiet = since === null ? 0 : (Date.now() - since.getTime()) / 1_000;
  if (inFlight > 0 && quiet > GENERATION_STALL_SECONDS) {
    found.push({
      code: "GENERATION_STALLED",
      message: `${title} has made no progress for ${spokenDuration(quiet)}; ${spokenDuration(GENERATION_STALL_SECONDS)} are allowed.${errors}`,
      action: `Check that its generator ${step.generator ?? ""} answers, and look at the worker's log.`.replace(
        "  ",
        " ",
      ),
      ...about,
    });
  }
  const open = !step.frozen && !(step.approved && step.gate !== "OPEN");
  if (step.failedAttempts > step.failureBudget) {
    found.push({
      code: "BUDGET_EXHAUSTED",
      message: `${title} spends nothing more: ${step.failedAttempts} attempts failed, and its budget is ${step.failureBudget}.${errors}`,
      action: open
        ? "Mend the cause, then retry its failed jobs: they get a fresh budget."
        : "Its gate is decided: mend the cause before the next run.",
      ...about,
    });
  } else if (open && step.untried > 0 && spent !== null) {
    found.push({
      code: "RUN_BUDGET_SPENT",
      message: [spent, untriedJobs(step), ...failedJobs(step, errors), ...cancelledJobs(step)].join(" "),
      action: "Raise the budget, then retry the step's failed jobs; or decide the step with what there is.",
      ...about,
    });
  } else if (step.failed > 0 && open) {
    const untried = step.untried > 0 ? [untriedJobs(step)] : [];
    const onlyCancelled = step.failed === step.cancelled;
    found.push({
      code: "FAILED_JOBS",
      message: [...failedJobs(step, errors), ...untried, ...cancelledJobs(step)].join(" "),
      action: onlyCancelled
        ? "Retry them if their candidates are wanted after all, or decide the step with what there is."
        : "Retry its failed jobs once the cause is mended, or decide the step with what there is.",
      ...about,
    });
  }
  if (step.retrying > 0 && step.failedAttempts <= step.failureBudget) {
    found.push({
      code: "GENERATION_FAILING",
      message: `${jobs(step.retrying)} of step ${step.position} (${step.name}) failed and ${step.retrying === 1 ? "is tried again by itself" : "are tried again by themselves"}.${errors}`,
      action: "Wait for the next attempt, or mend the cause meanwhile: a job is given up after its fourth failure.",
      ...about,
    });
  }
  return found;
}

/** @param errors why, from a blank on */
function failedJobs({ failed, untried, cancelled, position, name }: StepFacts, errors: string): string[] {
  const tried = failed - untried - cancelled;
  if (tried === 0) return [];
  return [`${jobs(tried)} of step ${position} (${name}) failed and ${tried === 1 ? "was" : "were"} given up.${errors}`];
}

function cancelledJobs({ cancelled, position, name }: StepFacts): string[] {
  if (cancelled === 0) return [];
  return [`${jobs(cancelled)} of step ${position} (${name}) ${cancelled === 1 ? "was" : "were"} cancelled.`];
}

function untriedJobs({ untried, position, name }: StepFacts): string {
  return `${jobs(untried)} of step ${position} (${name}) ${untried === 1 ? "was" : "were"} not tried.`;
}

function jobs(count: number): string {
  return `${count} ${count === 1 ? "job" : "jobs"}`;
}

/** With a full stop: what services say often has none. */
function ended(text: string): string {
  return /[.!?…]$/.test(text.trim()) ? text : `${text.trim()}.`;
}
