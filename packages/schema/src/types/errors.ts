import {
  ApprovalFinalError,
  DuplicateVoteError,
  ForbiddenError,
  InvalidInputError,
  InvalidPipelineError,
  InvalidTopKError,
  NoCandidatesError,
  NotFoundError,
  PreviousStepUnapprovedError,
  RunNotActiveError,
  StaleRankingError,
  StepClosedError,
  StillGeneratingError,
} from "@sluice/engine";
import { builder } from "../builder.ts";
import { RunStatusEnum } from "./enums.ts";
import { RunStepNode } from "./run-step.ts";

const ErrorInterface = builder.interfaceRef<Error>("Error").implement({
  description: "Why something was not done. Nothing has changed.",
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
builder.objectType(StaleRankingError, {
  name: "StaleRankingError",
  description: "The ranking is newer than what the approver saw.",
  interfaces: [ErrorInterface],
  fields: (t) => ({
    rankingVersion: t.exposeInt("rankingVersion", { description: "The version that it has now." }),
  }),
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
