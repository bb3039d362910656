import type { GatePolicy, StepKind } from "../db/rows.ts";
import { InvalidInputError } from "../errors.ts";
import type { ApprovalTemplate } from "../pipelines/definition.ts";
import { didYouMean } from "../pipelines/nearest-name.ts";
import type { DecisionPolicy } from "./decision-policy.ts";
import { gateOf } from "./gate-of.ts";

/** A pipeline's step, as far as a run's step is made from it. */
export interface PlannedStep {
  readonly id: number;
  readonly position: number;
  readonly kind: StepKind;
  readonly gate: GatePolicy | null;
  readonly maxChildren: number | null;
  readonly topK: number | null;
  readonly policy: DecisionPolicy;
}

/** What a run asks for. */
export interface RunWishes {
  readonly gates: "on" | "off";
  readonly reviewFirstStep: boolean;
  /** N and K that were asked for with the run; null where they were not. */
  readonly n: number | null;
  readonly k: number | null;
  /** N and K of the run where a step says nothing else. */
  readonly defaultN: number;
  readonly defaultK: number;
  readonly template: ApprovalTemplate | null;
}

/** A step of a run as it begins. */
export interface StepPlan {
  readonly stepId: number;
  readonly position: number;
  readonly gate: GatePolicy;
  readonly k: number;
  readonly n: number;
  /** G1: of an AUTO or OPEN gate, nobody is asked. */
  readonly approved: boolean;
  readonly policy: DecisionPolicy;
}

/**
 * The step of a run that a pipeline's step becomes. The most specific word counts: for K the approval template's, then
 * the run's own, then the pipeline step's, then the default; for N the same without the template.
 */
export function planStep(step: PlannedStep, run: RunWishes): StepPlan {
  const gate = gateOf(step, run);
  const chosen = run.template?.steps.find(({ position }) => position === step.position);
  return {
    stepId: step.id,
    position: step.position,
    gate,
    k: chosen?.topK ?? run.k ?? step.topK ?? run.defaultK,
    n: run.n ?? step.maxChildren ?? (step.kind === "AGENT" ? 1 : run.defaultN),
    approved: gate !== "MANUAL",
    policy: chosen?.policy ?? step.policy,
  };
}

/**
 * A pipeline's approval template by its name; null where none is asked for.
 *
 * @throws InvalidInputError when the pipeline has none of that name
 */
export function findTemplate(
  templates: readonly ApprovalTemplate[],
  name: string | null | undefined,
): ApprovalTemplate | null {
  const wanted = name?.trim();
  if (!wanted) return null;
  const found = templates.find((template) => template.name === wanted);
  if (found) return found;
  const names = templates.map((template) => template.name);
  const hint = didYouMean(wanted, names) || (names.length > 0 ? ` It has: ${names.join(", ")}.` : " It has none.");
  throw new InvalidInputError(`This pipeline has no approval template named "${wanted}".${hint}`, "approvalTemplate");
}
