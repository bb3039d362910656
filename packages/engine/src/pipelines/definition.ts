import type { GatePolicy, StepKind } from "../db/rows.ts";
import type { Json } from "../jobs/generator.ts";
import type { DecisionPolicy } from "../rules/decision-policy.ts";

/** One version of a pipeline, checked and with all names resolved: what the database keeps of it. */
export interface PipelineDefinition {
  readonly name: string;
  readonly description: string | null;
  /** N, from 1: children made per parent where a run names no other. */
  readonly defaultN: number;
  /** K, from 1: candidates that advance where a run names no other. */
  readonly defaultK: number;
  readonly ratingModel: "BRADLEY_TERRY" | "ELO";
  /** Attempts that a run may start, from 1; null for any number. */
  readonly maxJobs: number | null;
  /** US dollars that a run may spend; null for any amount. */
  readonly maxCostUsd: number | null;
  readonly approvalTemplates: readonly ApprovalTemplate[];
  /** At least one; the first has position 1. */
  readonly steps: readonly StepDefinition[];
}

export interface StepDefinition {
  readonly name: string;
  readonly kind: StepKind;
  readonly description: string | null;
  /** Null for APPROVAL, which generates nothing. */
  readonly generator: string | null;
  readonly config: { readonly [key: string]: Json };
  /** Null leaves the gate to the step's kind and position. */
  readonly gate: GatePolicy | null;
  /** N of this step; null is the run's. */
  readonly maxChildren: number | null;
  /** K of this step; null is the run's. */
  readonly topK: number | null;
  readonly stallAfterSeconds: number;
  /** Failed attempts that the step may spend. */
  readonly failureBudget: number;
  /** Who may decide the gate, and on what evidence. */
  readonly policy: DecisionPolicy;
}

/** A named set of K and policies that a run may be created with. */
export interface ApprovalTemplate {
  /** Unique within the pipeline. */
  readonly name: string;
  readonly description: string | null;
  /** Each position at most once. */
  readonly steps: readonly {
    readonly position: number;
    /** Null leaves K as it is. */
    readonly topK: number | null;
    /** Takes the place of all of the step's policy; null leaves that as it is. */
    readonly policy: DecisionPolicy | null;
  }[];
}

/** What a pipeline, and a step, has where nothing else is said; the same as the columns' defaults. */
export const pipelineDefaults = {
  defaultN: 3,
  defaultK: 3,
  ratingModel: "BRADLEY_TERRY",
  maxJobs: null,
  maxCostUsd: null,
  approvalTemplates: [],
} as const;
export const stepDefaults = { stallAfterSeconds: 86_400, failureBudget: 12, policy: {} } as const;
