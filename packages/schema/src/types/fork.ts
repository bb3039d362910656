import { ForbiddenError, forkRun, InvalidInputError, NotForkableError, NotFoundError } from "@sluice/engine";
import { builder } from "../builder.ts";
import { databaseId } from "../node-id.ts";
import { cursorField, runField, runStepField } from "./payload-fields.ts";
import { RunNode } from "./run.ts";

builder.prismaObjectFields(RunNode, (t) => ({
  forkedFrom: t.relation("forkedFrom", {
    nullable: true,
    description: "The run whose candidates it began with; null where it began with none.",
  }),
  forkedAtPosition: t.exposeInt("forkedAtPosition", {
    nullable: true,
    description: "Position of the step up to which it took them over, and whose gate it decides anew.",
  }),
  forks: t.relation("forks", {
    query: { orderBy: { id: "asc" } },
    description: "Runs that began with candidates of this one, oldest first.",
  }),
}));

builder.relayMutationField(
  "forkRun",
  {
    name: "ForkRunInput",
    description: "Where to begin from, and what should be different.",
    inputFields: (t) => ({
      stepId: t.id({
        required: true,
        description: "The RunStep whose gate is to be decided anew. Its run may be in any state.",
      }),
      name: t.string({ description: "That run's when left out." }),
      maxChildrenPerNode: t.int({
        description: "N, 1 to 100, of the steps that follow. As they have it in that run when left out.",
      }),
      defaultTopK: t.int({
        description: "K, from 1, of that step and those that follow. As they have it in that run when left out.",
      }),
      approvalTemplate: t.string({
        description: "Another of the pipeline's approval templates; its K goes before `defaultTopK`.",
      }),
      maxJobs: t.int({ description: "Attempts at jobs that it may start, from 1; that run's when left out." }),
      maxCostUsd: t.float({ description: "US dollars that it may spend, from 0; that run's when left out." }),
    }),
  },
  {
    authScopes: { OPERATE: true },
    description:
      "Creates a run that begins with the candidates of another, with their votes, up to a step whose gate a person then decides anew. The other run is not changed, and goes on if it can.",
    errors: { types: [NotFoundError, ForbiddenError, InvalidInputError, NotForkableError] },
    resolve: (_root, { input: { stepId, ...input } }, { engine, actor }) =>
      forkRun(engine, actor, { ...input, runStepId: databaseId("RunStep", stepId) }),
  },
  {
    name: "ForkRunSuccess",
    description: "The new run is there, and its gate waits to be decided.",
    outputFields: (t) => ({
      run: runField(t),
      step: runStepField(t),
      cursor: cursorField(t),
    }),
  },
);
