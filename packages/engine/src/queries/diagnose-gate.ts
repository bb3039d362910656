import { anyRejected, rankableCandidates } from "../advance/gates.ts";
import { countingNow, loadSignOffs } from "../advance/sign-offs.ts";
import { loadSteps } from "../advance/step-state.ts";
import type { Queryable } from "../db/queryable.ts";
import { NoCandidatesError } from "../errors.ts";
import { quorumOf } from "../rules/decision-policy.ts";
import { missingForAutomatic, unmetEvidence } from "../rules/evidence.ts";
import { listed } from "../rules/listed.ts";
import { rankCandidates } from "../rules/ranking.ts";
import { spokenDuration } from "../rules/spoken-duration.ts";
import { confidenceNow } from "./confidence-now.ts";
import { decidersOf, nobodyMayDecide, type Person, type WaitingGate } from "./deciders.ts";
import type { Diagnosis } from "./diagnosis.ts";

/** What a gate that is asked about waits for. */
export async function diagnoseGate(db: Queryable, gate: WaitingGate, people: readonly Person[]): Promise<Diagnosis[]> {
  const about = { runStepId: gate.runStepId, since: gate.requestedAt };
  const title = `Step ${gate.position} (${gate.name})`;
  const deciders = decidersOf(gate, people);
  const found: Diagnosis[] = [];
  const nobody = nobodyMayDecide(gate, deciders);
  if (nobody) found.push({ code: "NOBODY_MAY_DECIDE", ...nobody, ...about });
  if (gate.empty) found.push({ code: "NO_CANDIDATES", ...noCandidates(gate.position), ...about });

  const { signedOff, unmet, automatic } = await rankingFacts(db, gate);
  const quorum = quorumOf(gate.policy);
  const waited = spokenDuration((Date.now() - gate.requestedAt.getTime()) / 1_000);
  const allowed = spokenDuration(gate.allowedSeconds);
  const votes =
    quorum > 1
      ? ` ${signedOff.length} of ${quorum} have approved${signedOff.length > 0 ? `: ${listed(signedOff)}` : ""}.`
      : "";
  const left = deciders.map(({ name }) => name).filter((name) => !signedOff.includes(name));
  found.push({
    code: "WAITING_FOR_APPROVAL",
    message: `${title} has waited for approval for ${waited}; an alert ${gate.stalled ? "was" : "is"} raised after ${allowed}.${votes}`,
    action: nobody
      ? "Nothing, until there is somebody who may decide it."
      : `${listed(left)} can ${gate.empty ? "reject it, or send it back" : "approve or reject it, or send it back"}.`,
    ...about,
  });
  // Votes do not help where there is nothing to vote on.
  if (gate.empty) return found;
  if (unmet.length > 0) {
    found.push({
      code: "POLICY_UNMET",
      message: `${title} asks for more before it opens. ${unmet.join(" ")}`,
      action: "Vote more on this step, or approve it with a reason for not waiting.",
      ...about,
    });
  } else if (automatic.length > 0) {
    found.push({
      code: "POLICY_UNMET",
      message: `${title} does not open by itself yet. ${automatic.join(" ")}`,
      action: "Vote more on this step, or decide it yourself.",
      ...about,
    });
  }
  return found;
}

/** A gate that waits with nothing to approve: time does not help it (F5). */
function noCandidates(position: number): Pick<Diagnosis, "message" | "action"> {
  return {
    message: new NoCandidatesError(position).message,
    action: "Reject it, send it back to have new ones made, or abort the run.",
  };
}

interface RankingFacts {
  /** Names of those whose consent counts for the cut as it is. */
  readonly signedOff: readonly string[];
  /** What a person would have to override. */
  readonly unmet: readonly string[];
  /** What the automatic policy waits for. */
  readonly automatic: readonly string[];
}

/** What the ranking of a gate says to its policy. Reads it only where the policy asks for something of it. */
async function rankingFacts(db: Queryable, gate: WaitingGate): Promise<RankingFacts> {
  const { policy } = gate;
  const nothing: RankingFacts = { signedOff: [], unmet: [], automatic: [] };
  const asksEvidence =
    policy.minVotes !== undefined || policy.minConfidence !== undefined || policy.automatic !== undefined;
  if (quorumOf(policy) < 2 && !asksEvidence) return nothing;
  const steps = await loadSteps({ ...db, run: { id: gate.runId } });
  const step = steps.find(({ id }) => id === gate.runStepId);
  if (!step) return nothing;
  const ranked = rankCandidates(await rankableCandidates(db, step));
  const signOffs = countingNow(await loadSignOffs(db, [gate.approvalId]), gate, ranked);
  const evidence = {
    ranked: ranked.map(({ elo, voteCount }) => ({ elo, votes: voteCount })),
    topK: step.topKCount,
    topKConfidence: asksEvidence ? (await confidenceNow(db, step.sourceId, ranked, step.topKCount)).topKConfidence : 0,
    othersRejected: asksEvidence && (await anyRejected(db, step)),
  };
  return {
    signedOff: signOffs.map(({ name }) => name),
    unmet: unmetEvidence(policy, evidence),
    automatic: policy.automatic ? missingForAutomatic(policy, evidence) : [],
  };
}
