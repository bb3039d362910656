import { may } from "../access.ts";
import type { GatePolicy, StepKind } from "../db/rows.ts";
import { parseApprover } from "../rules/approvers.ts";
import type { Approvers, AutomaticPolicy, DecisionPolicy } from "../rules/decision-policy.ts";
import { gateOf } from "../rules/gate-of.ts";
import type { PolicyEntry } from "./document.ts";
import type { SourcePath, YamlSource } from "./yaml-source.ts";

/** The keys of a policy, in the order in which they are documented. */
export const POLICY_KEYS = [
  "approvers",
  "quorum",
  "exclude_creator",
  "min_votes",
  "min_confidence",
  "automatic",
  "escalate_to",
  "max_rounds",
] as const satisfies readonly (keyof PolicyEntry)[];

/** The step whose gate a policy is about. */
export interface PolicyStep {
  readonly kind: StepKind;
  readonly gate: GatePolicy | null;
  /** From 1. */
  readonly position: number;
}

/**
 * The policy of a step, checked. What would have no effect is refused like what is unknown: a rule that somebody relies
 * on is in force, or the pipeline does not load.
 *
 * @param path of the mapping that the keys are in
 * @throws InvalidPipelineError
 */
export function resolvePolicy(
  entry: PolicyEntry,
  step: PolicyStep,
  { source, path }: { readonly source: YamlSource; readonly path: SourcePath },
): DecisionPolicy {
  const given = POLICY_KEYS.find((key) => entry[key] !== undefined);
  const gate = gateOf(step, { gates: "on", reviewFirstStep: false });
  if (given !== undefined && gate !== "MANUAL") {
    throw source.problem(
      `"${given}" has no effect on a gate that opens by itself. ${step.gate ? 'Make it "gate: manual", or leave it out.' : 'Add "gate: manual" to the step.'}`,
      [...path, given],
    );
  }
  const at = (...keys: PropertyKey[]) => ({ source, path: [...path, ...keys] });
  const approvers = entry.approvers && resolvePeople(entry.approvers, at("approvers"), "decide");
  if (approvers && approvers.roles.length === 0 && (entry.quorum ?? 1) > approvers.people.length) {
    throw source.problem(
      `"quorum" asks for ${entry.quorum} different people, but "approvers" names ${approvers.people.length}. Nobody could open this gate: name more, or add a role.`,
      [...path, "quorum"],
    );
  }
  if (entry.exclude_creator && entry.automatic) {
    throw source.problem(
      '"exclude_creator" and "automatic" do not go together: the creator could open the gate by voting. Leave one of them out.',
      [...path, "automatic"],
    );
  }
  return {
    ...(approvers && { approvers }),
    ...(entry.quorum !== undefined && { quorum: entry.quorum }),
    ...(entry.exclude_creator !== undefined && { excludeCreator: entry.exclude_creator }),
    ...(entry.min_votes !== undefined && { minVotes: entry.min_votes }),
    ...(entry.min_confidence !== undefined && { minConfidence: entry.min_confidence }),
    ...(entry.automatic && { automatic: resolveAutomatic(entry.automatic, at("automatic")) }),
    ...(entry.escalate_to && { escalateTo: resolvePeople(entry.escalate_to, at("escalate_to"), "hear") }),
    ...(entry.max_rounds !== undefined && { maxRounds: entry.max_rounds }),
  };
}

interface Place {
  readonly source: YamlSource;
  readonly path: SourcePath;
}

/** @param purpose those who are to decide need a role that may */
function resolvePeople(entries: readonly string[], { source, path }: Place, purpose: "decide" | "hear"): Approvers {
  const roles: Approvers["roles"][number][] = [];
  const people: string[] = [];
  const seen = new Set<string>();
  for (const [index, text] of entries.entries()) {
    const refuse = (message: string) => source.problem(message, [...path, index]);
    const parsed = parseApprover(text);
    if ("wrong" in parsed) throw refuse(parsed.wrong);
    const key = "role" in parsed ? `role:${parsed.role}` : sameAs(parsed.person);
    if (seen.has(key)) throw refuse(`"${text}" is there twice.`);
    seen.add(key);
    if ("person" in parsed) people.push(parsed.person);
    else if (purpose === "decide" && !may({ role: parsed.role, scopes: null }, "DECIDE")) {
      throw refuse(`The role ${parsed.role.toLowerCase()} may not decide gates. Name role:approver or one above it.`);
    } else roles.push(parsed.role);
  }
  return { roles, people };
}

/** What two entries have in common that mean the same person: addresses do not differ by case, names do. */
function sameAs(person: string): string {
  return person.includes("@") ? person.toLowerCase() : person;
}

function resolveAutomatic(entry: NonNullable<PolicyEntry["automatic"]>, { source, path }: Place): AutomaticPolicy {
  const { votes, confidence, elo } = entry;
  if (confidence !== undefined && elo !== undefined) {
    throw source.problem('"automatic" takes either "confidence" or "elo", not both.', [...path, "elo"]);
  }
  if (confidence === undefined && elo === undefined) {
    throw source.problem(
      '"automatic" needs "confidence", such as 0.95, or "elo", such as 1100, beside "votes": votes alone prove nothing.',
      path,
    );
  }
  return { votes, ...(confidence !== undefined && { confidence }), ...(elo !== undefined && { elo }) };
}
