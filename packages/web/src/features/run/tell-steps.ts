import { jobLogsOf, jobsOf, type StepSignals } from "../../lib/step-signals.ts";
import { BURST_MS } from "../../lib/use-run-events.ts";
import type { RunEvent } from "./run-live.ts";

/** How many of a step's candidates the run page shows at a glance; the gallery has them all. */
export const GLANCE = 12;

/** Tells each list of a step of the events that change it: what comes in bursts may be seen a little later. */
export function tellSteps(signals: Pick<StepSignals, "emit">, events: readonly RunEvent[]): void {
  for (const event of events) if ("step" in event) tellStep(signals, event);
}

function tellStep({ emit }: Pick<StepSignals, "emit">, event: Extract<RunEvent, { step: unknown }>): void {
  const { id } = event.step;
  switch (event.__typename) {
    case "VoteEvent":
      emit(id, BURST_MS);
      break;
    case "JobEvent":
      emit(jobLogsOf(id));
      // Progress comes with its event; but an answer that was on its way meanwhile would put it back.
      emit(jobsOf(id), BURST_MS);
      break;
    case "CandidateEvent":
      // One after the other is seen to come, until those beyond the first ones are merely counted.
      emit(id, event.step.candidateCount > GLANCE ? BURST_MS : 0);
      emit(jobsOf(id), BURST_MS);
      emit(jobLogsOf(id));
      break;
    default:
      emit(id);
      emit(jobsOf(id));
      emit(jobLogsOf(id));
  }
}
