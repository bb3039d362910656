import { type DecisionPolicy, isActive, quorumOf, statusLabel } from "@sluice/engine";
import { builder } from "../builder.ts";
import type { SchemaContext } from "../context.ts";
import { candidateConnection } from "../loaders/candidate-connection.ts";
import { rowById } from "../loaders/rows.ts";
import { approvalSignOffs } from "../loaders/sign-offs.ts";
import { stepApprovals } from "../loaders/step-approvals.ts";
import { stepCounts } from "../loaders/step-counts.ts";
import { ApprovalNode } from "./approval.ts";
import { ApprovalPreviewType, loadPreview } from "./approval-preview.ts";
import { CandidateConnection } from "./candidate.ts";
import { GatePolicyEnum, StepKindEnum, StepStatusEnum } from "./enums.ts";
import { DecisionPolicyType } from "./policy.ts";

/** For a gate that waits for several people. */
async function signOffsSoFar(
  context: SchemaContext,
  step: { readonly id: number; readonly status: string; readonly policy: unknown },
): Promise<{ given: number; required: number } | null> {
  const required = quorumOf(step.policy as DecisionPolicy);
  if (required === 1 || step.status !== "AWAITING_APPROVAL") return null;
  const { pendingId } = await stepApprovals(context, step.id);
  const signOffs = pendingId === null ? [] : await approvalSignOffs(context, pendingId);
  return { given: signOffs.filter(({ counts }) => counts).length, required };
}

export const RunStepNode = builder.prismaNode("PipelineRunStep", {
  name: "RunStep",
  id: { field: "id" },
  description: "A step within one run, and its gate.",
  fields: (t) => ({
    run: t.relation("run", { description: "The run." }),
    position: t.exposeInt("position", { description: "From 1." }),
    name: t.string({
      select: { step: { select: { name: true } } },
      description: "The step's name.",
      resolve: ({ step }) => step.name,
    }),
    kind: t.field({
      type: StepKindEnum,
      select: { step: { select: { kind: true } } },
      description: "What it does.",
      resolve: ({ step }) => step.kind,
    }),
    description: t.string({
      nullable: true,
      select: { step: { select: { description: true } } },
      description: "What the step is for.",
      resolve: ({ step }) => step.description,
    }),
    policy: t.field({
      type: DecisionPolicyType,
      select: { policy: true },
      description: "Who may decide its gate in this run, and on what evidence.",
      resolve: ({ policy }) => policy as DecisionPolicy,
    }),
    gate: t.expose("gate", { type: GatePolicyEnum, description: "How its gate opens in this run." }),
    status: t.expose("status", { type: StepStatusEnum, description: "Where it is." }),
    statusLabel: t.string({
      select: {
        id: true,
        status: true,
        round: true,
        policy: true,
        expectedCandidates: true,
        run: { select: { status: true } },
      },
      description: 'The same in words, such as "Approved (3/5 advancing)".',
      resolve: async (step, _args, context) => {
        const counts = await stepCounts(context, step.id);
        return statusLabel({
          ...step,
          runStatus: step.run.status,
          blockedBy: counts.blockedBy,
          candidateCount: counts.candidates,
          advancingCount: counts.advancing,
          signOffs: await signOffsSoFar(context, step),
        });
      },
    }),
    approved: t.exposeBoolean("approved", {
      description:
        "The decision is made: by a person, or by an AUTO or OPEN gate, which need none. What advances through an AUTO gate is fixed once the step has settled.",
    }),
    approvedAt: t.expose("approvedAt", { type: "DateTime", nullable: true, description: "When." }),
    approvedBy: t.relation("approvedBy", { nullable: true, description: "Who; null when nobody had to." }),
    comment: t.exposeString("comment", { nullable: true, description: "What was said with the decision." }),
    topKCount: t.exposeInt("topKCount", {
      description: "K: the most that advance. The number that was asked for, even where fewer exist.",
    }),
    maxChildren: t.exposeInt("maxChildren", { description: "N: candidates that this step makes per parent." }),
    expectedCandidates: t.exposeInt("expectedCandidates", {
      description: "Candidates the step is to have when it is done, as far as its parents are known.",
    }),
    candidateCount: t.int({
      select: { id: true },
      description: "Active candidates; for an APPROVAL step, those that came to its gate.",
      resolve: async ({ id }, _args, context) => (await stepCounts(context, id)).candidates,
    }),
    advancingCount: t.int({
      select: { id: true },
      description: "Those that advance.",
      resolve: async ({ id }, _args, context) => (await stepCounts(context, id)).advancing,
    }),
    inFlightJobs: t.int({
      select: { id: true },
      description: "Jobs queued or running.",
      resolve: async ({ id }, _args, context) => (await stepCounts(context, id)).inFlight,
    }),
    failedJobs: t.int({
      select: { id: true },
      description:
        "Jobs that were given up, `untriedJobs` and `cancelledJobs` included. `retryFailedJobs` tries them again.",
      resolve: async ({ id }, _args, context) => (await stepCounts(context, id)).failed,
    }),
    untriedJobs: t.int({
      select: { id: true },
      description: "Of `failedJobs`, those that were given up before an attempt was begun: a budget was spent.",
      resolve: async ({ id }, _args, context) => (await stepCounts(context, id)).untried,
    }),
    cancelledJobs: t.int({
      select: { id: true },
      description: "Of `failedJobs`, those that a person cancelled (`cancelJob`).",
      resolve: async ({ id }, _args, context) => (await stepCounts(context, id)).cancelled,
    }),
    failureReasons: t.stringList({
      select: { id: true },
      description: "What went wrong, in words, the most frequent first.",
      resolve: async ({ id }, _args, context) => [...(await stepCounts(context, id)).failures],
    }),
    progress: t.float({
      select: { id: true, expectedCandidates: true },
      description: "Share of the step's candidates that is made, 0 to 1, running jobs counted by their progress.",
      resolve: async ({ id, expectedCandidates }, _args, context) => {
        const { candidates, running } = await stepCounts(context, id);
        return expectedCandidates === 0 ? 0 : Math.min(1, (candidates + running) / expectedCandidates);
      },
    }),
    votesCast: t.int({
      select: { id: true },
      description: "Valid votes in this step, by anybody.",
      resolve: async ({ id }, _args, context) => (await stepCounts(context, id)).votes,
    }),
    rankingVersion: t.int({
      select: { id: true },
      description: "Rises with every vote, arrival and rejection among the candidates that the step's gate closes.",
      resolve: async ({ id }, _args, context) => (await stepCounts(context, id)).rankingVersion,
    }),
    votingOpen: t.boolean({
      select: { frozenAt: true, run: { select: { status: true } }, step: { select: { kind: true } } },
      description: "Votes still count: what advances is not fixed yet.",
      resolve: ({ frozenAt, run, step }) => frozenAt === null && step.kind !== "APPROVAL" && isActive(run.status),
    }),
    candidates: t.field({
      type: CandidateConnection,
      select: { id: true },
      description:
        "The candidates of its current round, the oldest first, rejected ones included: an order that votes do not change, so that pages hold. `approvalPreview` ranks them.",
      args: {
        first: t.arg.int({ description: "How many: 20 by default, 100 at most." }),
        after: t.arg.string({ description: "Only what follows this cursor." }),
        advancingOnly: t.arg.boolean({ defaultValue: false, description: "Only active ones that advance." }),
        round: t.arg.int({ description: "Those of an earlier round, from 1." }),
      },
      resolve: ({ id }, { round, ...args }, context, info) =>
        candidateConnection(context, info, id, round ?? null, args),
    }),
    approvalPreview: t.field({
      type: ApprovalPreviewType,
      select: { id: true },
      description: "What approving it with a K would do now.",
      args: { topK: t.arg.int({ description: "K; the step's own when left out." }) },
      resolve: async ({ id }, { topK }, context) => await loadPreview(context, id, topK),
    }),
    pendingApproval: t.prismaField({
      type: ApprovalNode,
      nullable: true,
      select: { id: true },
      description: "The request that waits for a person; null when nobody is asked.",
      resolve: async (query, step, _args, context, info) => {
        const { pendingId } = await stepApprovals(context, step.id);
        if (pendingId === null) return null;
        return await rowById(context, info.fieldNodes[0] as object, pendingId, (ids) =>
          context.prisma.approval.findMany({ ...query, where: { id: { in: ids } } }),
        );
      },
    }),
    decision: t.prismaField({
      type: ApprovalNode,
      nullable: true,
      select: { id: true },
      description: "What a person decided; null while nobody has, and for gates that open by themselves.",
      resolve: async (query, step, _args, context, info) => {
        const { decisionId } = await stepApprovals(context, step.id);
        if (decisionId === null) return null;
        return await rowById(context, info.fieldNodes[0] as object, decisionId, (ids) =>
          context.prisma.approval.findMany({ ...query, where: { id: { in: ids } } }),
        );
      },
    }),
  }),
});
