import {
  checkPipelines,
  declaredInFiles,
  type PipelineProblem,
  type PipelinesCheck,
  pipelineDocuments,
  queryable,
} from "@sluice/engine";
import { builder } from "../builder.ts";
import { batched } from "../loaders/batched.ts";
import { PipelineNode } from "./pipeline.ts";

const DOCUMENTS = {};

builder.prismaObjectField(PipelineNode, "yaml", (t) =>
  t.string({
    select: { id: true },
    description:
      "It as a `pipelines.yaml` document. Applied where the generators and agents that it names are what they were, it changes nothing. Where the operator's file declares the pipeline, it may name what only that file may.",
    resolve: async ({ id }, _args, context) => {
      const document = await batched(context, DOCUMENTS, id, (ids) => pipelineDocuments(context.engine, ids));
      if (document === undefined) throw new Error(`Pipeline ${id} is gone.`);
      return document;
    },
  }),
);

const PipelineProblemType = builder.objectRef<PipelineProblem>("PipelineProblem").implement({
  description: "Something that is wrong with a document.",
  fields: (t) => ({
    message: t.exposeString("message", { description: "What is wrong, and what to do." }),
    line: t.exposeInt("line", { nullable: true, description: "The line, from 1, where there is one." }),
    path: t.exposeString("path", {
      nullable: true,
      description: "Where in the document, such as `pipelines[0].steps[2].generator`; null for the document itself.",
    }),
  }),
});

const PipelinesCheckType = builder.objectRef<PipelinesCheck>("PipelinesCheck").implement({
  description: "What `applyPipelines` would say of a document.",
  fields: (t) => ({
    problems: t.field({
      type: [PipelineProblemType],
      description:
        "Empty where it may be applied. Names are looked up once all else is right, the first that is wrong in each pipeline; 100 at most.",
      resolve: ({ problems }) => [...problems],
    }),
    pipelines: t.stringList({
      description: "The names of its pipelines, in its order, where nothing is wrong.",
      resolve: ({ pipelines }) => [...pipelines],
    }),
  }),
});

builder.queryField("checkPipelines", (t) =>
  t.field({
    authScopes: { OPERATE: true },
    type: PipelinesCheckType,
    args: { yaml: t.arg.string({ required: true, description: "A `pipelines.yaml` document." }) },
    description: "Checks a document as `applyPipelines` does, and applies nothing. For those who may apply it.",
    resolve: async (_root, { yaml }, { engine, generators, agents }) =>
      checkPipelines(yaml, {
        source: "api",
        generators,
        agents,
        declared: await declaredInFiles(queryable(engine.pool)),
      }),
  }),
);
