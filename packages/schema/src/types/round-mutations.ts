import {
  ApprovalFinalError,
  ForbiddenError,
  InvalidInputError,
  NoCandidatesError,
  NotFoundError,
  PreviousStepUnapprovedError,
  RunNotActiveError,
  StaleRankingError,
  StaleRoundError,
  StillGeneratingError,
  sendBackStep,
  TooManyRoundsError,
} from "@sluice/engine";
import { builder } from "../builder.ts";
import { databaseId } from "../node-id.ts";
import { cursorField, runField, runStepField } from "./payload-fields.ts";
import { RunStepNode } from "./run-step.ts";

builder.relayMutationField(
  "sendBackStep",
  {
    name: "SendBackStepInput",
    description: "The gate to keep closed for now, and where to go on.",
    inputFields: (t) => ({
      stepId: t.id({ required: true, description: "A RunStep whose gate waits for approval." }),
      toStepId: t.id({
        required: true,
        description: "The RunStep that makes its candidates anew: that one, or one before it in the same run.",
      }),
      comment: t.string({
        required: true,
        description: "What should be different. Kept with the decision, and given to the steps that are repeated.",
      }),
      round: t.int({ description: "The round that was seen: in another one, it is refused with StaleRoundError." }),
      rankingVersion: t.int({
        description: "What was seen: a ranking that is newer is refused with StaleRankingError.",
      }),
    }),
  },
  {
    authScopes: { DECIDE: true },
    description:
      "Keeps a step's gate closed without ending the run: the steps from the named one to this one begin a new round. Candidates and votes of the round that ends can still be looked at, but do not count.",
    errors: {
      types: [
        NotFoundError,
        ForbiddenError,
        InvalidInputError,
        ApprovalFinalError,
        StillGeneratingError,
        PreviousStepUnapprovedError,
        NoCandidatesError,
        StaleRankingError,
        StaleRoundError,
        TooManyRoundsError,
        RunNotActiveError,
      ],
    },
    resolve: (_root, { input: { stepId, toStepId, ...input } }, { engine, actor }) =>
      sendBackStep(engine, actor, {
        ...input,
        runStepId: databaseId("RunStep", stepId),
        toRunStepId: databaseId("RunStep", toStepId),
      }),
  },
  {
    name: "SendBackStepSuccess",
    description: "The steps begin a new round.",
    outputFields: (t) => ({
      step: runStepField(t),
      toStep: t.prismaField({
        type: RunStepNode,
        description: "The step that makes its candidates anew, read after the change.",
        resolve: (query, { toRunStepId }, _args, { prisma }) =>
          prisma.pipelineRunStep.findUniqueOrThrow({ ...query, where: { id: toRunStepId } }),
      }),
      run: runField(t),
      cursor: cursorField(t),
    }),
  },
);
