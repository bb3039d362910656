import {
  DuplicateVoteError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  StepClosedError,
  undoVote,
} from "@sluice/engine";
import { builder } from "../builder.ts";
import { databaseId } from "../node-id.ts";
import { CandidateNode } from "./candidate.ts";
import { VoteOutcomeEnum } from "./enums.ts";
import { candidateField, runStepField } from "./payload-fields.ts";

export const PairType = builder.objectRef<{ readonly leftId: number; readonly rightId: number }>("Pair").implement({
  description: "Two candidates to compare.",
  fields: (t) => ({
    left: t.prismaField({
      type: CandidateNode,
      description: "Shown on the left.",
      resolve: (query, { leftId }, _args, { prisma }) =>
        prisma.candidate.findUniqueOrThrow({ ...query, where: { id: leftId } }),
    }),
    right: t.prismaField({
      type: CandidateNode,
      description: "Shown on the right.",
      resolve: (query, { rightId }, _args, { prisma }) =>
        prisma.candidate.findUniqueOrThrow({ ...query, where: { id: rightId } }),
    }),
  }),
});

const VoteNode = builder.prismaNode("Vote", {
  id: { field: "id" },
  description: "One comparison. One valid vote per person and pair.",
  fields: (t) => ({
    outcome: t.expose("outcome", { type: VoteOutcomeEnum, description: "How it ended." }),
    left: t.relation("left", { description: "What was shown on the left." }),
    right: t.relation("right", { description: "What was shown on the right." }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was cast." }),
  }),
});

builder.relayMutationField(
  "castVote",
  {
    name: "CastVoteInput",
    description: "A comparison.",
    inputFields: (t) => ({
      leftId: t.id({ required: true, description: "The candidate that was shown on the left." }),
      rightId: t.id({ required: true, description: "The one on the right, of the same step." }),
      outcome: t.field({ type: VoteOutcomeEnum, required: true, description: "How it ended." }),
    }),
  },
  {
    authScopes: { VOTE: true },
    description: "Records a comparison and rates the step anew.",
    errors: { types: [NotFoundError, ForbiddenError, InvalidInputError, DuplicateVoteError, StepClosedError] },
    resolve: (_root, { input }, { engine, actor }) =>
      engine.castVote(actor, {
        leftId: databaseId("Candidate", input.leftId),
        rightId: databaseId("Candidate", input.rightId),
        outcome: input.outcome,
      }),
  },
  {
    name: "CastVoteSuccess",
    description: "The vote counts.",
    outputFields: (t) => ({
      vote: t.prismaField({
        type: VoteNode,
        description: "The vote.",
        resolve: (query, { voteId }, _args, { prisma }) =>
          prisma.vote.findUniqueOrThrow({ ...query, where: { id: voteId } }),
      }),
      left: candidateField(t, "The left one, as it is rated now.", ({ leftId }) => leftId),
      right: candidateField(t, "The right one, as it is rated now.", ({ rightId }) => rightId),
      step: runStepField(t),
    }),
  },
);

builder.relayMutationField(
  "undoVote",
  {
    name: "UndoVoteInput",
    description: "The vote to take back.",
    inputFields: (t) => ({ voteId: t.id({ required: true, description: "One of your own." }) }),
  },
  {
    authScopes: { VOTE: true },
    description: "Takes a vote of your own back, so that the pair can be judged again.",
    errors: { types: [NotFoundError, ForbiddenError, StepClosedError] },
    resolve: (_root, { input }, { engine, actor }) =>
      undoVote(engine, actor, { voteId: databaseId("Vote", input.voteId) }),
  },
  {
    name: "UndoVoteSuccess",
    description: "The vote no longer counts.",
    outputFields: (t) => ({
      left: candidateField(t, "The left one, as it is rated now.", ({ leftId }) => leftId),
      right: candidateField(t, "The right one, as it is rated now.", ({ rightId }) => rightId),
      step: runStepField(t),
    }),
  },
);
