import { builder } from "../builder.ts";
import { jobConnection } from "../loaders/job-connection.ts";
import { JobStatusEnum } from "./enums.ts";
import { JobConnection } from "./job.ts";

builder.prismaObjectField("PipelineRunStep", "jobs", (t) =>
  t.field({
    type: JobConnection,
    select: { id: true },
    description: "The jobs of its current round, oldest first.",
    args: {
      first: t.arg.int({ description: "How many: 20 by default, 100 at most." }),
      after: t.arg.string({ description: "Only what follows this cursor." }),
      status: t.arg({ type: [JobStatusEnum], description: "Only those that are in one of these." }),
      givenUp: t.arg.boolean({
        description:
          "Only those that failed for good or that a person cancelled, which `retryFailedJobs` tries again. False: only the others. Left out: all.",
      }),
    },
    resolve: ({ id }, args, context, info) => jobConnection(context, info, id, args),
  }),
);
