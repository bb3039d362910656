import { builder } from "../builder.ts";
import type { OperatorFileError, OperatorFileState } from "../context.ts";

const Problem = builder.objectRef<OperatorFileError>("OperatorFileError").implement({
  description: "What is wrong with the operator's file as it is now.",
  fields: (t) => ({
    message: t.exposeString("message", { description: "What is wrong, and what to do." }),
    path: t.exposeString("path", {
      nullable: true,
      description: "Where in the document, such as `generators[0].url`; null for the file as a whole.",
    }),
    line: t.exposeInt("line", { nullable: true, description: "The line, from 1, where there is one." }),
  }),
});

const OperatorFile = builder.objectRef<OperatorFileState>("OperatorFile").implement({
  description: "The operator's pipelines.yaml, which this server follows: a change of it is in force within seconds.",
  fields: (t) => ({
    path: t.exposeString("path", { description: "The file's name, without its folder." }),
    loadedAt: t.field({
      type: "DateTime",
      description: "When what is in force was read.",
      resolve: ({ loadedAt }) => loadedAt,
    }),
    error: t.expose("error", {
      type: Problem,
      nullable: true,
      description: "Why the file as it is now is not in force: what was read at `loadedAt` is. Null where all is well.",
    }),
  }),
});

builder.queryField("operatorFile", (t) =>
  t.field({
    authScopes: { VIEW: true },
    type: OperatorFile,
    nullable: true,
    description: "The operator's pipelines.yaml; null where SLUICE_PIPELINES names none.",
    resolve: (_root, _args, { setup }) => setup.operatorFile(),
  }),
);
