import {
  ApprovalFinalError,
  approveStep,
  ForbiddenError,
  InvalidInputError,
  InvalidTopKError,
  NoCandidatesError,
  NotFoundError,
  PreviousStepUnapprovedError,
  RunNotActiveError,
  rejectStep,
  retryFailedJobs,
  StaleRankingError,
  StepClosedError,
  StillGeneratingError,
} from "@sluice/engine";
import { builder } from "../builder.ts";
import { databaseId } from "../node-id.ts";
import { cursorField, runField, runStepField } from "./payload-fields.ts";

builder.relayMutationField(
  "approveStep",
  {
    name: "ApproveStepInput",
    description: "The gate to open.",
    inputFields: (t) => ({
      stepId: t.id({ required: true, description: "A RunStep." }),
      topK: t.int({
        description: "K: the most that advance. The step's own, which begins as the run's, when left out.",
      }),
      comment: t.string({ description: "Kept with the decision, and given to the steps that follow." }),
      rankingVersion: t.int({
        description: "What the approver saw: a ranking that is newer is refused with StaleRankingError.",
      }),
    }),
  },
  {
    authScopes: { DECIDE: true },
    description:
      "Opens a step's gate: fixes the K best candidates as the parents of the next step, whose jobs begin. Final.",
    errors: {
      types: [
        NotFoundError,
        ForbiddenError,
        InvalidTopKError,
        ApprovalFinalError,
        StillGeneratingError,
        PreviousStepUnapprovedError,
        NoCandidatesError,
        StaleRankingError,
        RunNotActiveError,
        InvalidInputError,
      ],
    },
    resolve: (_root, { input: { stepId, ...input } }, { engine, actor }) =>
      approveStep(engine, actor, { ...input, runStepId: databaseId("RunStep", stepId) }),
  },
  {
    name: "ApproveStepSuccess",
    description: "The gate is open.",
    outputFields: (t) => ({
      step: runStepField(t),
      run: runField(t),
      cursor: cursorField(t),
    }),
  },
);

builder.relayMutationField(
  "rejectStep",
  {
    name: "RejectStepInput",
    description: "The gate to keep closed.",
    inputFields: (t) => ({
      stepId: t.id({ required: true, description: "A RunStep." }),
      comment: t.string({ description: "Why; shown with the run." }),
    }),
  },
  {
    authScopes: { DECIDE: true },
    description: "Keeps a step's gate closed for good, which ends the run as REJECTED. Final.",
    errors: {
      types: [
        NotFoundError,
        ForbiddenError,
        ApprovalFinalError,
        PreviousStepUnapprovedError,
        RunNotActiveError,
        InvalidInputError,
      ],
    },
    resolve: (_root, { input: { stepId, ...input } }, { engine, actor }) =>
      rejectStep(engine, actor, { ...input, runStepId: databaseId("RunStep", stepId) }),
  },
  {
    name: "RejectStepSuccess",
    description: "The step is rejected.",
    outputFields: (t) => ({
      step: runStepField(t),
      run: runField(t),
      cursor: cursorField(t),
    }),
  },
);

builder.relayMutationField(
  "retryFailedJobs",
  {
    name: "RetryFailedJobsInput",
    description: "The step whose failed jobs to try again.",
    inputFields: (t) => ({ stepId: t.id({ required: true, description: "A RunStep." }) }),
  },
  {
    authScopes: { OPERATE: true },
    description: "Tries the jobs of a step again that were given up. A run that failed for want of them goes on.",
    errors: { types: [NotFoundError, ForbiddenError, StepClosedError, InvalidInputError] },
    resolve: (_root, { input: { stepId } }, { engine, actor }) =>
      retryFailedJobs(engine, actor, { runStepId: databaseId("RunStep", stepId) }),
  },
  {
    name: "RetryFailedJobsSuccess",
    description: "The jobs are queued.",
    outputFields: (t) => ({
      step: runStepField(t),
      run: runField(t),
    }),
  },
);
