import { type DIAGNOSIS_CODES, type Diagnosis, diagnose } from "@sluice/engine";
import { builder } from "../builder.ts";
import { batched } from "../loaders/batched.ts";
import { rowById } from "../loaders/rows.ts";
import { RunStepNode } from "./run-step.ts";

const DiagnosisCodeEnum = builder.enumType("DiagnosisCode", {
  description: "Why a run does not go on.",
  values: {
    WAITING_FOR_APPROVAL: { description: "A gate waits for a person. No timeout ever opens it." },
    NOBODY_MAY_DECIDE: { description: "The gate's policy asks for people who are not there: it would wait for ever." },
    NO_CANDIDATES: { description: "The gate has no candidate left that could advance: all were rejected." },
    POLICY_UNMET: { description: "The gate's policy asks for more votes, or for a surer cut." },
    NO_WORKER: { description: "There are jobs, and no worker that lives." },
    NO_GENERATOR: { description: "There are jobs, and nobody who runs has their generator." },
    WORKER_BUSY: { description: "Its jobs are queued behind those of other runs." },
    GENERATION_STALLED: { description: "A step has jobs, but none has moved for ten minutes." },
    GENERATION_FAILING: { description: "Jobs failed and are tried again by themselves." },
    BUDGET_EXHAUSTED: { description: "More attempts of a step failed than it may spend: it makes nothing more." },
    RUN_BUDGET_SPENT: { description: "The run has spent its budget: jobs of a step were not tried for want of it." },
    FAILED_JOBS: { description: "Jobs failed and were given up." },
    DELIVERIES_FAILING: { description: "Notifications about the run did not arrive. The run does not wait for them." },
    FAILED: { description: "The run ended because a step made no candidate." },
    REJECTED: { description: "A person rejected a step, which ended the run." },
    ABORTED: { description: "A person stopped the run." },
  } as const satisfies Record<(typeof DIAGNOSIS_CODES)[number], { description: string }>,
});

const DiagnosisType = builder.objectRef<Diagnosis>("Diagnosis").implement({
  description: 'One reason why a run does not go on, and what to do about it: the answer to "why is my run stuck?"',
  fields: (t) => ({
    code: t.expose("code", { type: DiagnosisCodeEnum, description: "What it is, for programs." }),
    message: t.exposeString("message", { description: "What is the matter, as a sentence for people." }),
    action: t.exposeString("action", { description: "What to do about it, as a sentence for people." }),
    step: t.prismaField({
      type: RunStepNode,
      nullable: true,
      description: "The step, where it is about one.",
      resolve: async (query, { runStepId }, _args, context, info) =>
        runStepId === null
          ? null
          : await rowById(context, info.fieldNodes[0] as object, runStepId, (ids) =>
              context.prisma.pipelineRunStep.findMany({ ...query, where: { id: { in: ids } } }),
            ),
    }),
    since: t.expose("since", {
      type: "DateTime",
      nullable: true,
      description: "How long it has been so; null where that is not known.",
    }),
  }),
});

const DIAGNOSES = {};

builder.prismaObjectField("PipelineRun", "diagnosis", (t) =>
  t.field({
    type: [DiagnosisType],
    select: { id: true },
    description:
      "Why it does not go on, and what to do about it: everything that is found, what hinders most first. Empty where all is well.",
    resolve: async (run, _args, context) => [
      ...((await batched(context, DIAGNOSES, run.id, (ids) => {
        const claimed = context.setup.generators().flatMap(({ name, runs }) => (runs === "elsewhere" ? [name] : []));
        return diagnose(context.engine, ids, (generator) => claimed.includes(generator));
      })) ?? []),
    ],
  }),
);
