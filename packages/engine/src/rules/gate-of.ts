import type { GatePolicy, StepKind } from "../db/rows.ts";

/**
 * G1, G14, A2: the gate that a step has in a new run. With gates off every gate is OPEN. Else the pipeline's own
 * word counts; without one an agent step is OPEN, step 1 opens by itself unless it is to be reviewed, and a person
 * opens all others.
 */
export function gateOf(
  step: { readonly position: number; readonly kind: StepKind; readonly gate: GatePolicy | null },
  run: { readonly gates: "on" | "off"; readonly reviewFirstStep: boolean },
): GatePolicy {
  if (run.gates === "off") return "OPEN";
  if (step.position === 1 && run.reviewFirstStep) return "MANUAL";
  if (step.gate) return step.gate;
  if (step.kind === "AGENT") return "OPEN";
  if (step.kind === "APPROVAL") return "MANUAL";
  return step.position === 1 ? "AUTO" : "MANUAL";
}
