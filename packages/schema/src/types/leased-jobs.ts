import {
  claimJobWithin,
  completeLeasedJob,
  ForbiddenError,
  failLeasedJob,
  heartbeat,
  InvalidInputError,
  LeaseLostError,
  type Usage,
} from "@sluice/engine";
import { builder } from "../builder.ts";
import { LeasedJobType } from "./leased-job.ts";
import { candidateField, runField } from "./payload-fields.ts";

const UsageInput = builder.inputType("UsageInput", {
  description: "What an attempt used, as far as it is known.",
  fields: (t) => ({
    model: t.string({ description: "The model that did it." }),
    costUsd: t.float({
      description:
        "US dollars. They count against the run's budget, once for an attempt, though its answer be refused.",
    }),
    inputTokens: t.int({ description: "Tokens that were read." }),
    outputTokens: t.int({ description: "Tokens that were written." }),
  }),
});

/** GraphQL's nulls are the engine's absences. */
function usageOf(usage: typeof UsageInput.$inferInput | null | undefined): Usage | undefined {
  if (!usage) return undefined;
  return {
    model: usage.model ?? undefined,
    costUsd: usage.costUsd ?? undefined,
    inputTokens: usage.inputTokens ?? undefined,
    outputTokens: usage.outputTokens ?? undefined,
  };
}

const LEASE_TOKEN = "The token that came with the job.";
const LEASE_SECONDS = "How long the job stays yours from now without another heartbeat: 5 to 3600 seconds.";

builder.relayMutationField(
  "claimJob",
  {
    name: "ClaimJobInput",
    description: "Which jobs, and for how long.",
    inputFields: (t) => ({
      generators: t.stringList({ required: true, description: "Names of generators of the kind `pull`." }),
      leaseSeconds: t.float({ defaultValue: 60, description: LEASE_SECONDS }),
      waitSeconds: t.float({
        defaultValue: 0,
        description:
          "How long to wait for a job where there is none yet: 0 to 30 seconds. 50 claims of one person or integration may wait at a time. Over a WebSocket nothing is waited for.",
      }),
    }),
  },
  {
    authScopes: { OPERATE: true },
    description: "Takes the next job of some generators, to be done by the program that asks. Runs take turns.",
    errors: { types: [ForbiddenError, InvalidInputError] },
    resolve: (_root, { input }, { engine, generators, actor, gone }) => {
      const { leaseSeconds, waitSeconds } = input;
      const claim = { ...input, leaseSeconds: leaseSeconds ?? 60, waitSeconds: waitSeconds ?? 0 };
      return claimJobWithin({ ...engine, generators }, actor, claim, gone);
    },
  },
  {
    name: "ClaimJobSuccess",
    description: "The job, or that there is none.",
    outputFields: (t) => ({
      job: t.field({
        type: LeasedJobType,
        nullable: true,
        description: "It is yours until its lease ends. Null where there is nothing to do now.",
        resolve: ({ job }) => job,
      }),
      askAgainAfterSeconds: t.exposeFloat("askAgainAfterSeconds", {
        description: "When to claim again: 0 is at once.",
      }),
    }),
  },
);

builder.relayMutationField(
  "heartbeat",
  {
    name: "HeartbeatInput",
    description: "That the work goes on, and how far it is. What is left out stays as it is.",
    inputFields: (t) => ({
      leaseToken: t.string({ required: true, description: LEASE_TOKEN }),
      leaseSeconds: t.float({ defaultValue: 60, description: LEASE_SECONDS }),
      progress: t.float({ description: "The share that is done, 0 to 1." }),
      message: t.string({ description: "What is done now, in a few words." }),
      textSoFar: t.string({ description: "All that is written so far; people see it live." }),
      preview: t.string({
        description:
          "How the candidate looks so far: the base64 of a PNG, JPEG or WebP of at most 1 MiB. People see the newest; send no more than one a second.",
      }),
      log: t.stringList({ description: "New lines of the job's log." }),
    }),
  },
  {
    authScopes: { OPERATE: true },
    description:
      "Keeps a leased job, tells how far it is, and hears whether it is still wanted. After InvalidInputError nothing has changed: the lease ends when it would have ended.",
    errors: { types: [ForbiddenError, InvalidInputError, LeaseLostError] },
    resolve: (_root, { input }, { engine, actor }) =>
      heartbeat(engine, actor, {
        leaseToken: input.leaseToken,
        leaseSeconds: input.leaseSeconds ?? 60,
        share: input.progress ?? undefined,
        message: input.message ?? undefined,
        textSoFar: input.textSoFar ?? undefined,
        preview: input.preview ?? undefined,
        log: input.log ?? undefined,
      }),
  },
  {
    name: "HeartbeatSuccess",
    description: "It was heard.",
    outputFields: (t) => ({
      wanted: t.exposeBoolean("wanted", {
        description: "False: nobody wants the candidate any more. Stop, and claim another job.",
      }),
      leaseExpiresAt: t.expose("leaseExpiresAt", {
        type: "DateTime",
        nullable: true,
        description: "When the lease ends now; null where the job is not wanted.",
      }),
    }),
  },
);

builder.relayMutationField(
  "completeJob",
  {
    name: "CompleteJobInput",
    description: "What was made: a text, pictures, or both.",
    inputFields: (t) => ({
      leaseToken: t.string({ required: true, description: LEASE_TOKEN }),
      text: t.string({ description: "The text." }),
      assets: t.stringList({
        description: "SHA-256 of pictures that were uploaded before, by `POST /assets`, in their order.",
      }),
      meta: t.field({
        type: "JSON",
        description: "A mapping that is kept with the candidate and given to its children's jobs; at most 256 kB.",
      }),
      usage: t.field({ type: UsageInput, description: "What it took." }),
      warnings: t.stringList({ description: "What could not be done as it was asked, in sentences." }),
    }),
  },
  {
    authScopes: { OPERATE: true },
    description: "Answers for a leased job with what was made. After InvalidInputError the job is still yours.",
    errors: { types: [ForbiddenError, InvalidInputError, LeaseLostError] },
    resolve: (_root, { input }, { engine, generators, actor }) =>
      completeLeasedJob({ ...engine, generators }, actor, { ...input, usage: usageOf(input.usage) }),
  },
  {
    name: "CompleteJobSuccess",
    description: "The candidate is there.",
    outputFields: (t) => ({
      candidate: candidateField(t, "The candidate.", ({ candidateId }) => candidateId),
      run: runField(t),
    }),
  },
);

builder.relayMutationField(
  "failJob",
  {
    name: "FailJobInput",
    description: "Why it could not be made.",
    inputFields: (t) => ({
      leaseToken: t.string({ required: true, description: LEASE_TOKEN }),
      error: t.string({ required: true, description: "What went wrong and what to do, in words for people." }),
      retryable: t.boolean({ required: true, description: "Whether another attempt may do better." }),
      usage: t.field({ type: UsageInput, description: "What the attempt has used all the same." }),
    }),
  },
  {
    authScopes: { OPERATE: true },
    description: "Gives a leased job back as failed. A retryable one is tried again, later each time.",
    errors: { types: [ForbiddenError, InvalidInputError, LeaseLostError] },
    resolve: (_root, { input }, { engine, actor }) =>
      failLeasedJob(engine, actor, { ...input, usage: usageOf(input.usage) }),
  },
  {
    name: "FailJobSuccess",
    description: "The failure is noted.",
    outputFields: (t) => ({ run: runField(t) }),
  },
);
