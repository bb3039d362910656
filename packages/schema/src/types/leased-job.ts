import type { ClaimedJob } from "@sluice/engine";
import { builder } from "../builder.ts";
import { encodeNodeId } from "../node-id.ts";

const LeasedJobRunType = builder.objectRef<ClaimedJob["run"]>("LeasedJobRun").implement({
  description: "What a leased job's generator is told of its run.",
  fields: (t) => ({
    id: t.id({ description: "The Run.", resolve: ({ id }) => encodeNodeId("Run", String(id)) }),
    number: t.exposeInt("id", { description: "The run's number, as people see it." }),
    name: t.exposeString("name", { description: "Its name." }),
    prompt: t.exposeString("prompt", { description: "What is asked for." }),
    variables: t.expose("variables", { type: "JSON", description: "What the run was created with beside the prompt." }),
  }),
});

const LeasedJobStepType = builder.objectRef<ClaimedJob["step"]>("LeasedJobStep").implement({
  description: "What a leased job's generator is told of its step.",
  fields: (t) => ({
    position: t.exposeInt("position", { description: "From 1." }),
    name: t.exposeString("name", { description: "Its name." }),
    description: t.exposeString("description", { nullable: true, description: "What it is for." }),
    config: t.expose("config", { type: "JSON", description: "What the pipeline sets for the generator." }),
  }),
});

const LeasedJobAssetType = builder
  .objectRef<NonNullable<NonNullable<ClaimedJob["parent"]>["asset"]>>("LeasedJobAsset")
  .implement({
    description: "The parent's picture.",
    fields: (t) => ({
      sha256: t.exposeString("sha256", { description: "Of its bytes, in hex." }),
      mediaType: t.exposeString("mediaType", { description: "Such as image/png." }),
      url: t.string({
        description: "Its bytes, for whoever may read here.",
        resolve: ({ sha256 }) => `/assets/${sha256}`,
      }),
    }),
  });

const LeasedJobParentType = builder.objectRef<NonNullable<ClaimedJob["parent"]>>("LeasedJobParent").implement({
  description: "The candidate that a leased job makes a child of.",
  fields: (t) => ({
    id: t.id({ description: "The Candidate.", resolve: ({ id }) => encodeNodeId("Candidate", String(id)) }),
    text: t.exposeString("text", { nullable: true, description: "Its text, where it has one." }),
    meta: t.expose("meta", { type: "JSON", description: "What its generator kept with it." }),
    asset: t.field({
      type: LeasedJobAssetType,
      nullable: true,
      description: "Its first picture, where it has one.",
      resolve: ({ asset }) => asset,
    }),
  }),
});

const LeasedJobFeedbackType = builder.objectRef<ClaimedJob["feedback"][number]>("LeasedJobFeedback").implement({
  description: "Why a round of the step was sent back.",
  fields: (t) => ({
    round: t.exposeInt("round", { description: "The round that it ended, from 1." }),
    comment: t.exposeString("comment", { description: "What a person asked for." }),
  }),
});

export const LeasedJobType = builder.objectRef<ClaimedJob>("LeasedJob").implement({
  description: "A job that a program elsewhere does: one candidate to be made, with all that its generator is told.",
  fields: (t) => ({
    number: t.exposeInt("jobId", { description: "The job's number, as it is in messages and events." }),
    leaseToken: t.string({
      description: "Proves that the job is yours: give it to `heartbeat`, `completeJob` and `failJob`. Shown only now.",
      resolve: ({ lease }) => lease.token,
    }),
    leaseExpiresAt: t.field({
      type: "DateTime",
      description: "When somebody else gets the job, unless a heartbeat comes before.",
      resolve: ({ lease }) => lease.expiresAt,
    }),
    generator: t.exposeString("generator", { description: "The generator that it is for." }),
    attempt: t.exposeInt("attempts", { description: "Attempts that were made before this one." }),
    ordinal: t.exposeInt("ordinal", { description: "Its place among the children of its parent, from 1." }),
    seed: t.exposeFloat("seed", {
      description: "A whole number below 2^32: the same again for a retry, another for every other candidate.",
    }),
    run: t.field({ type: LeasedJobRunType, description: "Its run.", resolve: ({ run }) => run }),
    step: t.field({ type: LeasedJobStepType, description: "Its step.", resolve: ({ step }) => step }),
    parent: t.field({
      type: LeasedJobParentType,
      nullable: true,
      description: "The candidate to go on from; null in the first step.",
      resolve: ({ parent }) => parent,
    }),
    notes: t.stringList({
      description: "Comments of the approvals that led here, the oldest first.",
      resolve: ({ notes }) => [...notes],
    }),
    feedback: t.field({
      type: [LeasedJobFeedbackType],
      description: "Why the step's earlier rounds were sent back, the oldest first.",
      resolve: ({ feedback }) => [...feedback],
    }),
  }),
});
