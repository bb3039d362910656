import { approversInWords } from "./approvers.ts";
import { type DecisionPolicy, quorumOf } from "./decision-policy.ts";
import { percent } from "./percent.ts";

/** What a policy asks for, as sentences for people; null where it asks for nothing. */
export function policyInWords(policy: DecisionPolicy): string | null {
  const sentences: string[] = [];
  const quorum = quorumOf(policy);
  if (quorum > 1) {
    sentences.push(
      `Takes ${quorum} different people${policy.approvers ? `: ${approversInWords(policy.approvers)}` : ""}.`,
    );
  } else if (policy.approvers) sentences.push(`Decided by ${approversInWords(policy.approvers)}.`);
  if (policy.excludeCreator) sentences.push("Whoever created the run may not decide.");
  if (policy.minVotes !== undefined) sentences.push(`Every candidate needs ${votes(policy.minVotes)}.`);
  if (policy.minConfidence !== undefined) sentences.push(`The cut has to be ${percent(policy.minConfidence)} % sure.`);
  if (policy.automatic) {
    const { votes: needed, confidence, elo } = policy.automatic;
    const proof =
      confidence === undefined
        ? `those that would advance are rated at least ${elo}`
        : `the cut is ${percent(confidence)} % sure`;
    sentences.push(`Opens by itself once every candidate has ${votes(needed)} and ${proof}.`);
  }
  if (policy.escalateTo) sentences.push(`A stall escalates to ${approversInWords(policy.escalateTo)}.`);
  if (policy.maxRounds !== undefined) sentences.push(`At most ${policy.maxRounds} rounds.`);
  return sentences.length === 0 ? null : sentences.join(" ");
}

function votes(count: number): string {
  return `${count} ${count === 1 ? "vote" : "votes"}`;
}
