import {
  type ApprovalPreview,
  actorNow,
  ForbiddenError,
  type GateToDecide,
  live,
  previewApproval,
  queryable,
  whyMayNotDecide,
} from "@sluice/engine";
import { GraphQLError } from "graphql";
import { builder } from "../builder.ts";
import type { SchemaContext } from "../context.ts";
import { delivers, VIEWER_SPECIFIC } from "../delivery.ts";
import { rowById } from "../loaders/rows.ts";
import { databaseId } from "../node-id.ts";
import { CandidateNode } from "./candidate.ts";

type Ranked = ApprovalPreview["ranked"][number];
type Cut = NonNullable<ApprovalPreview["cutPair"]>;

const RankedCandidateType = builder.objectRef<Ranked>("RankedCandidate").implement({
  description: "A candidate in the order that approval freezes.",
  fields: (t) => ({
    rank: t.exposeInt("rank", { description: "From 1, the best." }),
    willAdvance: t.exposeBoolean("willAdvance", { description: "It is among the K best." }),
    candidate: t.prismaField({
      type: CandidateNode,
      description: "The candidate.",
      resolve: (query, { id }, _args, context, info) =>
        candidateField(context, info.fieldNodes[0] as object, query, id),
    }),
    plusMinus: t.exposeFloat("plusMinus", {
      description: "Elo: its true rating is within so much of the one shown, 95 times in 100.",
    }),
    chanceInTopK: t.exposeFloat("chanceInTopK", { description: "Chance that it is among the K best, 0 to 1." }),
  }),
});

const CutPairType = builder.objectRef<Cut>("CutPair").implement({
  description: "The last that advances and the first that does not: the comparison that matters most.",
  fields: (t) => ({
    inside: t.prismaField({
      type: CandidateNode,
      description: "The last that advances.",
      resolve: (query, { insideId }, _args, context, info) =>
        candidateField(context, info.fieldNodes[0] as object, query, insideId),
    }),
    outside: t.prismaField({
      type: CandidateNode,
      description: "The first that does not.",
      resolve: (query, { outsideId }, _args, context, info) =>
        candidateField(context, info.fieldNodes[0] as object, query, outsideId),
    }),
    chanceInsideIsBetter: t.exposeFloat("chanceInsideIsBetter", {
      description: "Chance that the one inside is the better one, 0 to 1.",
    }),
  }),
});

async function candidateField(context: SchemaContext, field: object, query: object, id: number) {
  const row = await rowById(context, field, id, (ids) =>
    context.prisma.candidate.findMany({ ...query, where: { id: { in: ids } } }),
  );
  if (!row) throw new Error(`Candidate ${id} is gone.`);
  return row;
}

/** G12, for whoever asks, as they are now. */
async function whyMayNot({ engine, actor }: SchemaContext, gate: GateToDecide): Promise<string | null> {
  try {
    return whyMayNotDecide(await actorNow(queryable(engine.pool), actor), gate);
  } catch (error) {
    if (error instanceof ForbiddenError) return error.message;
    throw error;
  }
}

export const ApprovalPreviewType = builder.objectRef<ApprovalPreview>("ApprovalPreview").implement({
  description: "What approving a step with a K would do now, and how sure the ranking is of it.",
  fields: (t) => ({
    topK: t.exposeInt("topK", { description: "The K that is previewed." }),
    rankingVersion: t.exposeInt("rankingVersion", {
      description: "Give it to `approveStep`, to approve exactly what this shows.",
    }),
    ranked: t.field({
      type: [RankedCandidateType],
      description: "Active candidates, best first: by Elo, then by votes, then the older one.",
      resolve: ({ ranked }) => [...ranked],
    }),
    advancingCount: t.exposeInt("advancingCount", {
      description: "How many would advance: K, or all where fewer exist.",
    }),
    canApprove: t.boolean({ description: "Nothing blocks it.", resolve: ({ blockers }) => blockers.length === 0 }),
    blockers: t.stringList({
      description: "Why it cannot be approved, in words.",
      resolve: ({ blockers }) => [...blockers],
    }),
    warnings: t.stringList({
      description: "What an approver should know. Warnings never block.",
      resolve: ({ warnings }) => [...warnings],
    }),
    jobsToCreate: t.exposeInt("jobsToCreate", { description: "Jobs that approving with this K starts." }),
    topKConfidence: t.exposeFloat("topKConfidence", {
      description: "Chance that the shown K are the true K best, 0 to 1.",
    }),
    confidenceLabel: t.exposeString("confidenceLabel", {
      description: "The same in a word: Settled from 95 %, Likely from 80 %, else Provisional.",
    }),
    unmet: t.stringList({
      description: "What the policy asks for and the ranking does not show yet, in words. Part of the blockers.",
      resolve: ({ unmet }) => [...unmet],
    }),
    needsOverride: t.exposeBoolean("needsOverride", {
      description: "That is all that blocks it: `approveStep` with an `overrideReason` opens the gate all the same.",
    }),
    requiredSignOffs: t.exposeInt("requiredSignOffs", {
      description: "How many different people have to approve the same cut.",
    }),
    signOffs: t.exposeInt("signOffs", { description: "How many have approved exactly this cut." }),
    mayDecide: t.boolean({
      description: "Whether you may decide this gate.",
      extensions: VIEWER_SPECIFIC,
      resolve: async ({ gate }, _args, context) => (await whyMayNot(context, gate)) === null,
    }),
    reason: t.string({
      nullable: true,
      description: "What it would take for you to decide this gate, in words; null where you may.",
      extensions: VIEWER_SPECIFIC,
      resolve: ({ gate }, _args, context) => whyMayNot(context, gate),
    }),
    cutPair: t.field({
      type: CutPairType,
      nullable: true,
      description: "The pair at the cut line; null when all advance.",
      resolve: ({ cutPair }) => cutPair,
    }),
  }),
});

export async function loadPreview(
  context: SchemaContext,
  runStepId: number,
  topK: number | null | undefined,
): Promise<ApprovalPreview> {
  return await previewApproval(context.engine, runStepId, topK ?? null);
}

builder.subscriptionField("approvalPreview", (t) =>
  t.field({
    authScopes: { VIEW: true },
    type: ApprovalPreviewType,
    args: {
      stepId: t.arg.id({ required: true, description: "A RunStep." }),
      topK: t.arg.int({ description: "K; the step's own when left out." }),
    },
    description:
      "The live preview of one step: its value now, and a new one whenever votes, candidates, jobs that end or decisions change it; not with the progress of a job.",
    extensions: delivers("state"),
    subscribe: async (_root, { stepId, topK }, context) => {
      const id = databaseId("RunStep", stepId);
      const step = await context.prisma.pipelineRunStep.findUnique({ where: { id }, select: { runId: true } });
      if (!step) throw new GraphQLError("There is no such step.", { extensions: { code: "NOT_FOUND" } });
      // A preview depends on its step's candidates, votes and open jobs, and on whether the gates before it are open: not on how
      // far a job is, which is told several times a second.
      return live(
        context.engine.tail,
        ({ runId, type }) => runId === step.runId && type !== "job_progressed",
        () => loadPreview(context, id, topK),
      );
    },
    resolve: (preview) => preview,
  }),
);
