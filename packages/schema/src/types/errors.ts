import {
  AlertResolvedError,
  ApprovalFinalError,
  DeclaredInFileError,
  DuplicateVoteError,
  ForbiddenError,
  InvalidInputError,
  InvalidPipelineError,
  InvalidTopKError,
  JobEndedError,
  LastOwnerError,
  LeaseLostError,
  NoCandidatesError,
  NotForkableError,
  NotFoundError,
  PolicyUnmetError,
  PreviousStepUnapprovedError,
  RunNotActiveError,
  StalePipelineError,
  StaleRankingError,
  StaleRoundError,
  StepClosedError,
  StillGeneratingError,
  TooManyRoundsError,
  UnavailableError,
} from "@sluice/engine";
import { builder } from "../builder.ts";
import { stepApprovals } from "../loaders/step-approvals.ts";
import { ActorType } from "./actor.ts";
import { ApprovalNode } from "./approval.ts";
import { RunStatusEnum } from "./enums.ts";
import { RunStepNode } from "./run-step.ts";

export const ErrorInterface = builder.interfaceRef<Error>("Error").implement({
  description: "Why something was not done. Nothing has changed, unless the outcome that it comes with is UNKNOWN.",
  fields: (t) => ({
    message: t.exposeString("message", { description: "What is wrong and what to do, as a sentence for people." }),
  }),
});

builder.objectType(NotFoundError, {
  name: "NotFoundError",
  description: "What the input names does not exist.",
  interfaces: [ErrorInterface],
});
builder.objectType(ForbiddenError, {
  name: "ForbiddenError",
  description: "Whoever asks may not do this.",
  interfaces: [ErrorInterface],
});
builder.objectType(InvalidInputError, {
  name: "InvalidInputError",
  description: "The input cannot be used as it is.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    field: t.exposeString("field", { nullable: true, description: "The input's field that is at fault." }),
  }),
});
builder.objectType(InvalidTopKError, {
  name: "InvalidTopKError",
  description: "K is no whole number from 1.",
  interfaces: [ErrorInterface],
});
builder.objectType(ApprovalFinalError, {
  name: "ApprovalFinalError",
  description: "The gate is decided, and decisions are final.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    step: t.prismaField({
      type: RunStepNode,
      description: "The step as it was decided.",
      resolve: (query, error, _args, { prisma }) =>
        prisma.pipelineRunStep.findUniqueOrThrow({ ...query, where: { id: error.runStepId } }),
    }),
    decision: t.prismaField({
      type: ApprovalNode,
      nullable: true,
      description: "The decision that was there first; null where the gate opened by itself.",
      resolve: async (query, { runStepId }, _args, context) => {
        const { decisionId } = await stepApprovals(context, runStepId);
        return decisionId === null ? null : context.prisma.approval.findUnique({ ...query, where: { id: decisionId } });
      },
    }),
    decidedBy: t.prismaField({
      type: ActorType,
      nullable: true,
      description: "Who decided; null where no person did.",
      resolve: async (query, { runStepId }, _args, context) => {
        const { decisionId } = await stepApprovals(context, runStepId);
        if (decisionId === null) return null;
        return await context.prisma.actor.findFirst({ ...query, where: { approvals: { some: { id: decisionId } } } });
      },
    }),
  }),
});
builder.objectType(StillGeneratingError, {
  name: "StillGeneratingError",
  description: "Jobs of the step are queued or running.",
  interfaces: [ErrorInterface],
  fields: (t) => ({ inFlightJobs: t.exposeInt("inFlightJobs", { description: "How many." }) }),
});
builder.objectType(PreviousStepUnapprovedError, {
  name: "PreviousStepUnapprovedError",
  description: "A gate before this one is closed.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    step: t.prismaField({
      type: RunStepNode,
      description: "The first step whose gate is closed.",
      resolve: (query, error, _args, { prisma }) =>
        prisma.pipelineRunStep.findUniqueOrThrow({ ...query, where: { id: error.runStepId } }),
    }),
  }),
});
builder.objectType(NoCandidatesError, {
  name: "NoCandidatesError",
  description: "The step has no active candidate.",
  interfaces: [ErrorInterface],
});
builder.objectType(PolicyUnmetError, {
  name: "PolicyUnmetError",
  description: "The gate's policy asks for more than there is: votes, confidence, or people.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    unmet: t.stringList({ description: "What is missing, each as a sentence.", resolve: ({ unmet }) => [...unmet] }),
    overridable: t.exposeBoolean("overridable", { description: "An `overrideReason` takes its place." }),
  }),
});
builder.objectType(StaleRankingError, {
  name: "StaleRankingError",
  description: "The ranking is newer than what the approver saw.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    rankingVersion: t.exposeInt("rankingVersion", { description: "The version that it has now." }),
  }),
});
builder.objectType(StaleRoundError, {
  name: "StaleRoundError",
  description: "The step was sent back meanwhile: the decision would be about what nobody has seen.",
  interfaces: [ErrorInterface],
  fields: (t) => ({ round: t.exposeInt("round", { description: "The round that it is in now." }) }),
});
builder.objectType(TooManyRoundsError, {
  name: "TooManyRoundsError",
  description: "The step was sent back as often as its policy allows.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    maxRounds: t.exposeInt("maxRounds", { description: "Rounds that it may have, the first included." }),
  }),
});
builder.objectType(NotForkableError, {
  name: "NotForkableError",
  description: "The run has nothing at this step to begin another from. The message says where there is.",
  interfaces: [ErrorInterface],
});
builder.objectType(RunNotActiveError, {
  name: "RunNotActiveError",
  description: "The run has ended.",
  interfaces: [ErrorInterface],
  fields: (t) => ({ status: t.expose("status", { type: RunStatusEnum, description: "How it ended." }) }),
});
builder.objectType(DuplicateVoteError, {
  name: "DuplicateVoteError",
  description: "This person has judged this pair.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    voteId: t.globalID({
      description: "The vote that stands, as `undoVote` takes it.",
      resolve: ({ voteId }) => ({ type: "Vote", id: voteId }),
    }),
  }),
});
builder.objectType(StepClosedError, {
  name: "StepClosedError",
  description: "The step is decided or its run has ended: votes and candidates stay as they are.",
  interfaces: [ErrorInterface],
});
builder.objectType(InvalidPipelineError, {
  name: "InvalidPipelineError",
  description: "The document is no valid set of pipelines.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    path: t.exposeString("path", { nullable: true, description: "Where, such as `pipelines[0].steps[2].generator`." }),
    line: t.exposeInt("line", { nullable: true, description: "The line, from 1." }),
  }),
});
builder.objectType(StalePipelineError, {
  name: "StalePipelineError",
  description: "A pipeline has a newer version than the one that the request was made from, and nothing was done.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    pipeline: t.exposeString("pipeline", { description: "The pipeline's name." }),
    version: t.exposeInt("version", { description: "Its newest version." }),
  }),
});
builder.objectType(DeclaredInFileError, {
  name: "DeclaredInFileError",
  description:
    "The operator's file declares a pipeline of this name, on this server or on another one of the same database. It is changed in the file alone.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    pipeline: t.exposeString("pipeline", { description: "The pipeline's name." }),
    file: t.exposeString("file", { description: "The file's name, without its folder." }),
  }),
});
builder.objectType(JobEndedError, {
  name: "JobEndedError",
  description: "The job is done, was given up, or is of an earlier round: there is nothing to cancel.",
  interfaces: [ErrorInterface],
});

builder.objectType(AlertResolvedError, {
  name: "AlertResolvedError",
  description: "The alert is over: its run has moved on.",
  interfaces: [ErrorInterface],
});
builder.objectType(UnavailableError, {
  name: "UnavailableError",
  description: "The database, or a run that others hold, could not be had in time. The same may work a moment later.",
  interfaces: [ErrorInterface],
});
builder.objectType(LeaseLostError, {
  name: "LeaseLostError",
  description: "The job is not on this lease, or not any more. Throw away what was made for it.",
  interfaces: [ErrorInterface],
});
builder.objectType(LastOwnerError, {
  name: "LastOwnerError",
  description: "Nobody would be left who can sign in and say who may do what.",
  interfaces: [ErrorInterface],
});
