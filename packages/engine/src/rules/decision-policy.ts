import type { Role } from "../actor.ts";

/** Who may decide a step's gate, and on what evidence. Kept with each run step as JSON; `{}` asks for nothing. */
export interface DecisionPolicy {
  /** Who may decide; absent: everybody with the right to. */
  readonly approvers?: Approvers;
  /** How many different people have to approve the same cut; 1 where it is absent. One rejection is enough. */
  readonly quorum?: number;
  /** Who created the run may not decide its gate. */
  readonly excludeCreator?: boolean;
  /** Votes that each candidate needs before the gate may be opened, unless somebody overrides it with a reason. */
  readonly minVotes?: number;
  /** How sure the cut has to be (V6), 0 to 1, unless somebody overrides it with a reason. */
  readonly minConfidence?: number;
  /** Opens the gate without a person, on this evidence. */
  readonly automatic?: AutomaticPolicy;
  /** Who hears of a stall once it lasts twice as long as allowed. */
  readonly escalateTo?: Approvers;
  /** Rounds that the step may have, the first included; 3 where it is absent. */
  readonly maxRounds?: number;
}

/** People of at least one of these roles, or with one of these names. */
export interface Approvers {
  readonly roles: readonly Role[];
  readonly people: readonly string[];
}

export interface AutomaticPolicy {
  /** Votes that every candidate needs. */
  readonly votes: number;
  /** How sure the cut has to be (V6), 0 to 1. */
  readonly confidence?: number;
  /** What the Elo of every candidate that would advance has to be at least. */
  readonly elo?: number;
}

export const DEFAULT_MAX_ROUNDS = 3;

/** How many different people have to approve the same cut. */
export function quorumOf(policy: DecisionPolicy): number {
  return policy.quorum ?? 1;
}
