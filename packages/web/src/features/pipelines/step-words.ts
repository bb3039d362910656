import type { GatePolicy, StepKind } from "../../gql/generated/graphql.ts";

export const GATE_WORDS = {
  MANUAL: "a person opens the gate",
  AUTO: "the gate opens by itself",
  OPEN: "no gate",
} as const satisfies Record<GatePolicy, string>;

export const KIND_WORDS = {
  GENERATE: "generates",
  AGENT: "an agent works",
  APPROVAL: "approval",
} as const satisfies Record<StepKind, string>;

/** What a step makes per parent whatever the run's N, unless somebody asks for another one; undefined where it has none. */
export function ownN({ kind, maxChildren }: { kind: StepKind; maxChildren: number | null }): number | undefined {
  if (kind === "APPROVAL") return undefined;
  return maxChildren ?? (kind === "AGENT" ? 1 : undefined);
}
