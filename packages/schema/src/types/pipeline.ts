import {
  type ApprovalTemplate,
  applyPipelines,
  type DecisionPolicy,
  DeclaredInFileError,
  ForbiddenError,
  gateOf,
  InvalidPipelineError,
  queryable,
  StalePipelineError,
} from "@sluice/engine";
import { builder } from "../builder.ts";
import { GatePolicyEnum, StepKindEnum } from "./enums.ts";
import { DecisionPolicyType } from "./policy.ts";

const ApprovalTemplateStepType = builder
  .objectRef<ApprovalTemplate["steps"][number]>("ApprovalTemplateStep")
  .implement({
    description: "What an approval template changes about one step.",
    fields: (t) => ({
      position: t.exposeInt("position", { description: "The step's, from 1." }),
      topK: t.exposeInt("topK", { nullable: true, description: "K of that step; null leaves it." }),
      policy: t.field({
        type: DecisionPolicyType,
        nullable: true,
        description: "Takes the place of all of the step's policy; null leaves that.",
        resolve: ({ policy }) => policy,
      }),
    }),
  });

const ApprovalTemplateType = builder.objectRef<ApprovalTemplate>("ApprovalTemplate").implement({
  description: "A named set of K and policies of a pipeline.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Give it to `createRun`. Unique within the pipeline." }),
    description: t.exposeString("description", { nullable: true, description: "What it is for." }),
    steps: t.field({
      type: [ApprovalTemplateStepType],
      description: "The steps that it changes.",
      resolve: ({ steps }) => [...steps],
    }),
  }),
});

export const PipelineNode = builder.prismaNode("Pipeline", {
  id: { field: "id" },
  description: "A template: what a run makes, step by step. Runs keep the version they began with.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Unique among the newest versions; runs are created by it." }),
    version: t.exposeInt("version", { description: "From 1; rises when the pipeline is applied with changes." }),
    description: t.exposeString("description", { nullable: true, description: "What it is for." }),
    defaultN: t.exposeInt("defaultN", { description: "N where a run names none: children made per parent." }),
    defaultK: t.exposeInt("defaultK", { description: "K where a run names none: candidates that advance." }),
    maxJobs: t.exposeInt("maxJobs", {
      nullable: true,
      description: "Attempts at jobs that a run may start, where it says no other; null is no limit.",
    }),
    maxCostUsd: t.exposeFloat("maxCostUsd", {
      nullable: true,
      description: "US dollars that a run may spend, where it says no other; null is no limit.",
    }),
    approvalTemplates: t.field({
      type: [ApprovalTemplateType],
      select: { approvalTemplates: true },
      description: "Named sets of K and policies that a run may be created with.",
      resolve: ({ approvalTemplates }) => approvalTemplates as unknown as ApprovalTemplate[],
    }),
    steps: t.relation("steps", { query: { orderBy: { position: "asc" } }, description: "Its steps, by position." }),
  }),
});

builder.prismaNode("PipelineStep", {
  id: { field: "id" },
  description: "A step of a pipeline.",
  fields: (t) => ({
    position: t.exposeInt("position", { description: "From 1." }),
    name: t.exposeString("name", { description: "Shown wherever the step is." }),
    kind: t.expose("kind", { type: StepKindEnum, description: "What it does." }),
    description: t.exposeString("description", { nullable: true, description: "What it is for." }),
    generator: t.exposeString("generator", {
      nullable: true,
      description: "What makes its candidates; null for APPROVAL.",
    }),
    gate: t.field({
      type: GatePolicyEnum,
      select: { gate: true, kind: true, position: true },
      description: "How its gate opens in a run that asks for nothing else.",
      resolve: (step, _args, { engine }) => gateOf(step, { gates: engine.gates, reviewFirstStep: false }),
    }),
    maxChildren: t.exposeInt("maxChildren", { nullable: true, description: "N of this step; the run's when null." }),
    topK: t.exposeInt("topK", { nullable: true, description: "K of this step; the run's when null." }),
    policy: t.field({
      type: DecisionPolicyType,
      select: { policy: true },
      description: "Who may decide its gate, and on what evidence, in a run without an approval template.",
      resolve: ({ policy }) => policy as DecisionPolicy,
    }),
  }),
});

/** The newest version of each name. */
const NEWEST = `SELECT DISTINCT ON (name) id FROM pipelines ORDER BY name, version DESC`;
const COUNT = `SELECT count(DISTINCT name)::int AS count FROM pipelines`;

builder.queryField("pipelines", (t) =>
  t.prismaConnection(
    {
      authScopes: { VIEW: true },
      type: PipelineNode,
      cursor: "id",
      description: "The newest version of every pipeline, by name.",
      totalCount: async (_root, _args, { engine }) =>
        (await queryable(engine.pool).one<{ count: number }>(COUNT)).count,
      resolve: async (query, _root, _args, { engine, prisma }) => {
        const newest = await queryable(engine.pool).many<{ id: number }>(NEWEST);
        return prisma.pipeline.findMany({
          ...query,
          where: { id: { in: newest.map(({ id }) => id) } },
          orderBy: { name: "asc" },
        });
      },
    },
    { name: "PipelineConnection", description: "A page of pipelines." },
    { name: "PipelineEdge", description: "One of a list of pipelines." },
  ),
);

builder.queryField("pipeline", (t) =>
  t.prismaField({
    authScopes: { VIEW: true },
    type: PipelineNode,
    nullable: true,
    args: { name: t.arg.string({ required: true, description: "Its name." }) },
    description: "The newest version of a pipeline; null when there is none of that name.",
    resolve: (query, _root, { name }, { prisma }) =>
      // PostgreSQL has no text with a null character in it, and refuses to compare with one.
      name.includes("\0")
        ? null
        : prisma.pipeline.findFirst({ ...query, where: { name }, orderBy: { version: "desc" } }),
  }),
);

const BasedOnInput = builder.inputType("PipelineVersionInput", {
  description: "A version of a pipeline.",
  fields: (t) => ({
    name: t.string({ required: true, description: "The pipeline's name." }),
    version: t.int({ required: true, description: "Its version; 0 where there was no pipeline of that name." }),
  }),
});

builder.relayMutationField(
  "applyPipelines",
  {
    name: "ApplyPipelinesInput",
    description: "Pipelines to create or change.",
    inputFields: (t) => ({
      yaml: t.string({
        required: true,
        description: "A `pipelines.yaml` document that uses generators and agents this installation has.",
      }),
      basedOn: t.field({
        type: [BasedOnInput],
        description:
          "What the document was made from. Where one of these has a newer version by now, nothing is applied. Left out: not looked at.",
      }),
    }),
  },
  {
    authScopes: { OPERATE: true },
    description:
      "Creates or changes pipelines. One that differs from its newest version becomes a new version; runs keep theirs. What an operator's file declares is changed there alone.",
    errors: { types: [ForbiddenError, InvalidPipelineError, DeclaredInFileError, StalePipelineError] },
    resolve: (_root, { input }, { engine, generators, agents, actor }) =>
      applyPipelines({ ...engine, generators, agents }, actor, { yaml: input.yaml, basedOn: input.basedOn ?? [] }),
  },
  {
    name: "ApplyPipelinesSuccess",
    description: "The pipelines are there.",
    outputFields: (t) => ({
      pipelines: t.prismaField({
        type: [PipelineNode],
        description: "Those of the document, in its order.",
        resolve: async (query, { pipelineIds }, _args, { prisma }) => {
          const found = await prisma.pipeline.findMany({ ...query, where: { id: { in: pipelineIds } } });
          return found.toSorted((a, b) => pipelineIds.indexOf(a.id) - pipelineIds.indexOf(b.id));
        },
      }),
    }),
  },
);
