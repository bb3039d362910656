import { builder } from "../builder.ts";
import { VIEWER_SPECIFIC } from "../delivery.ts";

export const ActorType = builder.prismaObject("Actor", {
  description: "Who did something: a person, or an integration with a token.",
  fields: (t) => ({ name: t.exposeString("name", { description: "Unique within the installation." }) }),
});

const Viewer = builder.objectRef<{ readonly name: string; readonly role: string }>("Viewer").implement({
  description: "Whoever is asking.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Unique within the installation." }),
    role: t.exposeString("role", { description: "What they may do." }),
  }),
});

builder.queryField("viewer", (t) =>
  t.field({
    authScopes: { VIEW: true },
    type: Viewer,
    description: "Whoever is asking.",
    extensions: VIEWER_SPECIFIC,
    resolve: (_root, _args, { actor }) => actor,
  }),
);
