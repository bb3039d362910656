import { cancelJob, ForbiddenError, JobEndedError, NotFoundError } from "@sluice/engine";
import { builder } from "../builder.ts";
import { databaseId } from "../node-id.ts";
import { JobNode } from "./job.ts";
import { runField, runStepField } from "./payload-fields.ts";

builder.relayMutationField(
  "cancelJob",
  {
    name: "CancelJobInput",
    description: "The job to give up.",
    inputFields: (t) => ({ jobId: t.id({ required: true, description: "A Job that is queued or running." }) }),
  },
  {
    authScopes: { OPERATE: true },
    description:
      "Gives up one job that is queued or running, as though its last attempt had failed: its generator is told to stop, the step goes on with its other jobs, and `retryFailedJobs` tries it again.",
    errors: { types: [NotFoundError, ForbiddenError, JobEndedError] },
    resolve: (_root, { input: { jobId } }, { engine, actor }) =>
      cancelJob(engine, actor, { jobId: databaseId("Job", jobId) }),
  },
  {
    name: "CancelJobSuccess",
    description: "The job is given up.",
    outputFields: (t) => ({
      job: t.prismaField({
        type: JobNode,
        description: "The job, read after the change.",
        resolve: (query, payload, _args, { prisma }) =>
          prisma.job.findUniqueOrThrow({ ...query, where: { id: payload.jobId } }),
      }),
      step: runStepField(t),
      run: runField(t),
    }),
  },
);
