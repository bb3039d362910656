import type { Agent } from "@sluice/engine";
import { builder } from "../builder.ts";

const AgentType = builder.objectRef<Agent>("Agent").implement({
  description: "Whom agent steps refer to, as the operator's file declares it.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "What a pipeline's step calls it." }),
    generator: t.exposeString("generator", { description: "The generator that does its work." }),
  }),
});

builder.queryField("agents", (t) =>
  t.field({
    authScopes: { VIEW: true },
    type: [AgentType],
    description: "The agents that this server knows, by name.",
    resolve: (_root, _args, { agents }) => [...agents.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }),
);
