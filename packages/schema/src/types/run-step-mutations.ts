import {
  ApprovalFinalError,
  approveStep,
  ForbiddenError,
  InvalidInputError,
  InvalidTopKError,
  NoCandidatesError,
  NotFoundError,
  PolicyUnmetError,
  PreviousStepUnapprovedError,
  RunNotActiveError,
  rejectStep,
  retryFailedJobs,
  StaleRankingError,
  StaleRoundError,
  StepClosedError,
  StillGeneratingError,
  withdrawSignOff,
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
      round: t.int({ description: "The round that was seen: in another one, it is refused with StaleRoundError." }),
      overrideReason: t.string({
        description:
          "Why the gate should open without the votes or the confidence that its policy asks for. Kept with the decision where it was needed.",
      }),
    }),
  },
  {
    authScopes: { DECIDE: true },
    description:
      "Opens a step's gate: fixes the K best candidates as the parents of the next step, whose jobs begin. Final. Where the policy asks for several people, it records yours; the gate opens with the last of them.",
    errors: {
      types: [
        NotFoundError,
        ForbiddenError,
        InvalidTopKError,
        ApprovalFinalError,
        StillGeneratingError,
        PreviousStepUnapprovedError,
        NoCandidatesError,
        PolicyUnmetError,
        StaleRankingError,
        StaleRoundError,
        RunNotActiveError,
        InvalidInputError,
      ],
    },
    resolve: (_root, { input: { stepId, ...input } }, { engine, actor }) =>
      approveStep(engine, actor, { ...input, runStepId: databaseId("RunStep", stepId) }),
  },
  {
    name: "ApproveStepSuccess",
    description: "It is approved: the gate is open, or more people have to approve the same cut.",
    outputFields: (t) => ({
      opened: t.exposeBoolean("opened", {
        description: "The gate is open; false while more people have to approve the same cut.",
      }),
      signOffs: t.exposeInt("signOffs", { description: "How many have approved this cut, you included." }),
      requiredSignOffs: t.exposeInt("requiredSignOffs", {
        description: "How many different people have to approve the same cut.",
      }),
      message: t.exposeString("message", {
        description:
          "Where the gate stands now, in words: also who approved another cut, which does not count for yours.",
      }),
      step: runStepField(t),
      run: runField(t),
      cursor: cursorField(t),
    }),
  },
);

builder.relayMutationField(
  "withdrawSignOff",
  {
    name: "WithdrawSignOffInput",
    description: "The gate that you have signed off on.",
    inputFields: (t) => ({ stepId: t.id({ required: true, description: "A RunStep." }) }),
  },
  {
    authScopes: { DECIDE: true },
    description: "Takes back your own approval of a gate that waits for more people.",
    errors: { types: [NotFoundError, ForbiddenError, ApprovalFinalError, RunNotActiveError, InvalidInputError] },
    resolve: (_root, { input: { stepId } }, { engine, actor }) =>
      withdrawSignOff(engine, actor, { runStepId: databaseId("RunStep", stepId) }),
  },
  {
    name: "WithdrawSignOffSuccess",
    description: "It does not count any more.",
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
      round: t.int({ description: "The round that was seen: in another one, it is refused with StaleRoundError." }),
      rankingVersion: t.int({
        description: "What was seen: a ranking that is newer is refused with StaleRankingError.",
      }),
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
        StaleRankingError,
        StaleRoundError,
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
