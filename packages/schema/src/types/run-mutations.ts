import {
  ApprovalFinalError,
  abortRun,
  approveAllRemaining,
  createRun,
  ForbiddenError,
  InvalidInputError,
  InvalidTopKError,
  type Json,
  NoCandidatesError,
  NotFoundError,
  PolicyUnmetError,
  RunNotActiveError,
  StalePipelineError,
  StaleRankingError,
  StaleRoundError,
  StepClosedError,
  setRunBudget,
} from "@sluice/engine";
import { builder } from "../builder.ts";
import { databaseId } from "../node-id.ts";
import { cursorField, runField } from "./payload-fields.ts";

builder.relayMutationField(
  "createRun",
  {
    name: "CreateRunInput",
    description: "The run to create.",
    inputFields: (t) => ({
      pipeline: t.string({ required: true, description: "The pipeline's name; its newest version is used." }),
      pipelineVersion: t.int({
        description:
          "The version that was looked at: refused with StalePipelineError where there is a newer one. Not compared when left out.",
      }),
      name: t.string({ description: "The pipeline's name when left out." }),
      prompt: t.string({ description: "What the candidates should show or say." }),
      variables: t.field({ type: "JSON", description: "An object that its generators are given besides." }),
      maxChildrenPerNode: t.int({
        description: "N, 1 to 100: candidates made per parent. The pipeline's when left out.",
      }),
      defaultTopK: t.int({ description: "K, from 1: candidates that advance. The pipeline's when left out." }),
      reviewFirstStep: t.boolean({
        defaultValue: false,
        description:
          "True: step 1 waits for a person as every other step does. False: its K best advance by themselves.",
      }),
      approvalTemplate: t.string({
        description:
          "Name of one of the pipeline's approval templates. Its K and policies go before those of the run and of the steps.",
      }),
      maxJobs: t.int({ description: "Attempts at jobs that it may start, from 1; the pipeline's when left out." }),
      maxCostUsd: t.float({ description: "US dollars that it may spend, from 0; the pipeline's when left out." }),
    }),
  },
  {
    authScopes: { OPERATE: true },
    description: "Creates a run and begins to make the candidates of its first step.",
    errors: { types: [NotFoundError, ForbiddenError, InvalidInputError, StalePipelineError] },
    resolve: (_root, { input }, { engine, actor }) =>
      createRun(engine, actor, { ...input, variables: (input.variables ?? undefined) as Json | undefined }),
  },
  {
    name: "CreateRunSuccess",
    description: "The run is there.",
    outputFields: (t) => ({
      run: runField(t),
    }),
  },
);

builder.relayMutationField(
  "approveAllRemaining",
  {
    name: "ApproveAllRemainingInput",
    description: "Decide all that is left of a run.",
    inputFields: (t) => ({
      runId: t.id({ required: true, description: "The run." }),
      topK: t.int({
        description:
          "K for each of them. When left out, every step keeps its own: its approval template's, the run's or the pipeline step's.",
      }),
      rankingVersion: t.int({
        description:
          "What was seen of the step whose gate comes next: a ranking that is newer is refused with StaleRankingError.",
      }),
      round: t.int({
        description: "The round that this step was seen in: in another one, it is refused with StaleRoundError.",
      }),
      comment: t.string({ description: "Kept with each decision, and given to the steps that follow." }),
      overrideReason: t.string({
        description:
          "Why the gates should open without the votes or the confidence that their policies ask for, which for later gates nobody can know yet.",
      }),
    }),
  },
  {
    authScopes: { DECIDE: true },
    description: "Approves the step that waits and lets every later gate of the run open by itself. Final.",
    errors: {
      types: [
        NotFoundError,
        ForbiddenError,
        InvalidTopKError,
        RunNotActiveError,
        ApprovalFinalError,
        NoCandidatesError,
        PolicyUnmetError,
        StaleRankingError,
        StaleRoundError,
        InvalidInputError,
      ],
    },
    resolve: (_root, { input }, { engine, actor }) =>
      approveAllRemaining(engine, actor, { ...input, runId: databaseId("Run", input.runId) }),
  },
  {
    name: "ApproveAllRemainingSuccess",
    description: "Every gate of the run is decided.",
    outputFields: (t) => ({
      run: runField(t),
      cursor: cursorField(t),
    }),
  },
);

builder.relayMutationField(
  "abortRun",
  {
    name: "AbortRunInput",
    description: "The run to stop.",
    inputFields: (t) => ({
      runId: t.id({ required: true, description: "The run." }),
      reason: t.string({ description: "Shown with the run." }),
    }),
  },
  {
    authScopes: { OPERATE: true },
    description: "Stops one run for good: queued jobs are cancelled, running ones told to stop. Other runs go on.",
    errors: { types: [NotFoundError, ForbiddenError, RunNotActiveError, InvalidInputError] },
    resolve: (_root, { input }, { engine, actor }) =>
      abortRun(engine, actor, { ...input, runId: databaseId("Run", input.runId) }),
  },
  {
    name: "AbortRunSuccess",
    description: "The run has ended.",
    outputFields: (t) => ({
      run: runField(t),
      cursor: cursorField(t),
    }),
  },
);

builder.relayMutationField(
  "setRunBudget",
  {
    name: "SetRunBudgetInput",
    description: "What a run may spend from its beginning on. What is left out stays as it is; null is no limit.",
    inputFields: (t) => ({
      runId: t.id({ required: true, description: "The run." }),
      maxJobs: t.int({ description: "Attempts at jobs that it may start, from 1, failed ones included." }),
      maxCostUsd: t.float({ description: "US dollars that it may spend, from 0." }),
    }),
  },
  {
    authScopes: { OPERATE: true },
    description:
      "Sets what a run may spend. Jobs that it gave up for want of a budget are tried again by `retryFailedJobs`.",
    errors: { types: [NotFoundError, ForbiddenError, StepClosedError, InvalidInputError] },
    resolve: (_root, { input }, { engine, actor }) =>
      setRunBudget(engine, actor, { ...input, runId: databaseId("Run", input.runId) }),
  },
  {
    name: "SetRunBudgetSuccess",
    description: "The budget is set.",
    outputFields: (t) => ({
      run: runField(t),
      cursor: cursorField(t),
      warning: t.string({
        nullable: true,
        description: "Says so where the run has spent as much already, and so begins nothing more.",
        resolve: ({ warning }) => warning,
      }),
    }),
  },
);
