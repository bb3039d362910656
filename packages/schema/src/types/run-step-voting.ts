import { nextPair, type VoteBucket, votesOverTime, votingProgress } from "@sluice/engine";
import { builder } from "../builder.ts";
import { VIEWER_SPECIFIC } from "../delivery.ts";
import { batched } from "../loaders/batched.ts";
import { databaseId } from "../node-id.ts";
import { PairType } from "./vote.ts";

const VotingProgressType = builder.objectRef<Awaited<ReturnType<typeof votingProgress>>>("VotingProgress").implement({
  description: "How far the voting in a step is, for whoever asks. It says nothing about where a candidate stands.",
  fields: (t) => ({
    yourVotes: t.exposeInt("yourVotes", { description: "Pairs that you have judged." }),
    pairsLeft: t.exposeInt("pairsLeft", { description: "Pairs that you can still judge." }),
    candidatesWithEnoughVotes: t.exposeInt("candidatesWithEnoughVotes", {
      description: "Candidates with five or more comparisons, by anybody.",
    }),
    candidates: t.exposeInt("candidates", { description: "Candidates that can be voted on." }),
    topKConfidence: t.float({
      description:
        "Chance that the K that are ahead now are the true K best, 0 to 1. With more than 32 candidates it may be some votes behind `approvalPreview`.",
      resolve: async ({ confidence }) => (await confidence()).topKConfidence,
    }),
    confidenceLabel: t.string({
      description: "The same in a word: Settled from 95 %, Likely from 80 %, else Provisional.",
      resolve: async ({ confidence }) => (await confidence()).confidenceLabel,
    }),
  }),
});

const VoteBucketType = builder.objectRef<VoteBucket>("VoteBucket").implement({
  description: "The votes of one span of time.",
  fields: (t) => ({
    at: t.field({ type: "DateTime", description: "When the span begins.", resolve: ({ at }) => at }),
    votes: t.exposeInt("votes", { description: "Valid votes within it, by anybody." }),
  }),
});

/** Candidates of whom no pair is chosen: what a page shows, and the few that it has loaded ahead. */
const MOST_BESIDES = 10;
const VOTES_OVER_TIME = {};

builder.prismaObjectFields("PipelineRunStep", (t) => ({
  nextPair: t.field({
    type: PairType,
    nullable: true,
    select: { id: true },
    description:
      "The pair that you should judge next, sides drawn at random; null when you have judged every pair or votes no longer count. After two votes on each candidate it is a pair about the cut.",
    args: {
      besides: t.arg.idList({
        description: `Candidates on your screen: no pair of two of these, so that the next one can be loaded ahead. The first ${MOST_BESIDES} count.`,
      }),
    },
    extensions: VIEWER_SPECIFIC,
    resolve: ({ id }, { besides }, { engine, actor }) =>
      nextPair(engine, actor, id, {
        besides: (besides ?? []).slice(0, MOST_BESIDES).map((each) => databaseId("Candidate", each)),
      }),
  }),
  votingProgress: t.field({
    type: VotingProgressType,
    select: { id: true },
    description: "How far the voting is, for you.",
    extensions: VIEWER_SPECIFIC,
    resolve: ({ id }, _args, { engine, actor }) => votingProgress(engine, actor, id),
  }),
  votesOverTime: t.field({
    type: [VoteBucketType],
    select: { id: true },
    description:
      "When people voted in its current round: spans of equal length from the first valid vote to the last, empty ones included; 60 at most.",
    resolve: async ({ id }, _args, context) => [
      ...((await batched(context, VOTES_OVER_TIME, id, (ids) => votesOverTime(context.engine, ids))) ?? []),
    ],
  }),
}));
