import type { Job } from "@sluice/db";
import { builder } from "../builder.ts";
import { JobStatusEnum } from "./enums.ts";

export const JobNode = builder.prismaNode("Job", {
  id: { field: "id" },
  // Its log and what it has written so far are long: they are read where they are asked for.
  select: { id: true },
  description: "The making of one candidate. A retry is the same job.",
  fields: (t) => ({
    step: t.relation("runStep", { description: "The step of the run that it is for." }),
    parent: t.relation("parent", {
      nullable: true,
      description: "What its candidate is made from; null in the first step.",
    }),
    candidate: t.relation("candidate", { nullable: true, description: "What it made; null until it is COMPLETED." }),
    ordinal: t.exposeInt("ordinal", { description: "The place of its candidate among its parent's children, from 1." }),
    seed: t.float({
      select: { seed: true },
      description: "An unsigned 32-bit number, the same for each attempt: a hash of run, step, parent and ordinal.",
      resolve: ({ seed }) => Number(seed),
    }),
    generator: t.exposeString("generator", { description: "Name of the generator that does it." }),
    status: t.expose("status", { type: JobStatusEnum, description: "Where it is." }),
    attempt: t.int({
      select: { attempts: true, status: true },
      description: "Number of the attempt that runs, comes next or was the last, from 1.",
      resolve: ({ attempts, status }) => Math.max(1, status === "FAILED" ? attempts : attempts + 1),
    }),
    untried: t.boolean({
      select: { attempts: true, status: true },
      description: "It is FAILED before an attempt at it was begun: a budget was spent. `error` says which.",
      resolve: ({ attempts, status }) => status === "FAILED" && attempts === 0,
    }),
    progress: t.exposeFloat("progress", { description: "Share that is done of the attempt, 0 to 1." }),
    progressMessage: t.exposeString("progressMessage", { nullable: true, description: "What it does, in words." }),
    textSoFar: t.exposeString("textSoFar", {
      nullable: true,
      description: "What is written so far, its last 20,000 characters, while it runs; null where nothing is.",
    }),
    previewUrl: t.string({
      nullable: true,
      select: { id: true, fence: true, preview: { select: { version: true } } },
      description:
        "Path on this server of a picture of the unfinished candidate, another for each picture; null where there is none.",
      // Each attempt begins with version 1.
      resolve: ({ id, fence, preview }) => (preview ? `/jobs/${id}/preview?version=${fence}.${preview.version}` : null),
    }),
    log: t.exposeString("log", {
      description: "What its generator noted, a line each, over all attempts: the last 32,000 characters.",
    }),
    error: t.exposeString("error", { nullable: true, description: "What went wrong last, in words." }),
    externalId: t.exposeString("externalId", {
      nullable: true,
      description:
        "What the generator's service knows the attempt by; null where there is none. No secret: the log and `Candidate.meta` may name it too.",
    }),
    costUsd: t.exposeFloat("costUsd", { description: "US dollars over all attempts, as far as the generator says." }),
    leasedTo: t.relation("leasedTo", {
      nullable: true,
      description:
        "Whose program has claimed it and answers over the API; null where a worker of this installation does it.",
    }),
    cancelledBy: t.relation("cancelledBy", {
      nullable: true,
      description:
        "Who has given up this job alone, which can be retried as a failed one can; null where it is not CANCELLED, or nobody wants its candidate any more.",
    }),
    leaseExpiresAt: t.expose("leaseExpiresAt", {
      type: "DateTime",
      nullable: true,
      description: "When that program has to have answered, or asked for more time.",
    }),
    queuedAt: t.expose("queuedAt", { type: "DateTime", description: "When it was queued first." }),
    startedAt: t.expose("startedAt", {
      type: "DateTime",
      nullable: true,
      description: "When its last attempt began; null before the first.",
    }),
    finishedAt: t.expose("finishedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was completed, given up or cancelled.",
    }),
  }),
});

builder.prismaObjectField("Candidate", "job", (t) =>
  t.relation("job", {
    type: JobNode,
    nullable: true,
    description: "The job that made it; null where it was imported, or taken over by a fork.",
  }),
);

export interface JobConnectionShape {
  edges: { cursor: string; node: Job }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  totalCount: number;
}

const JobEdge = builder.edgeObject({ type: JobNode, name: "JobEdge", description: "A job in a list." });

export const JobConnection = builder.connectionObject(
  {
    type: JobNode,
    name: "JobConnection",
    description: "A page of jobs.",
    fields: (t) => ({
      totalCount: t.int({
        description: "How many there are on all pages.",
        resolve: (connection) => (connection as unknown as JobConnectionShape).totalCount,
      }),
    }),
  },
  JobEdge,
);
