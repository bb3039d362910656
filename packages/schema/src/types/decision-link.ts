import {
  ApprovalFinalError,
  createDecisionLink,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  RunNotActiveError,
  revokeDecisionLink,
} from "@sluice/engine";
import { builder } from "../builder.ts";
import { VIEWER_SPECIFIC } from "../delivery.ts";
import { databaseId, encodeNodeId } from "../node-id.ts";
import { ApprovalNode } from "./approval.ts";
import type { PayloadBuilder } from "./payload-fields.ts";

/** No node of its own: whose it is decides who sees it. */
const DecisionLinkType = builder.prismaObject("DecisionLink", {
  description:
    "An address with which one person can decide one gate without signing in: once, and for a time. Opening it changes nothing.",
  fields: (t) => ({
    id: t.id({
      select: { id: true },
      description: "Identifies it over the whole API. Opaque.",
      resolve: ({ id }) => encodeNodeId("DecisionLink", id),
    }),
    person: t.relation("actor", { description: "Whose it is, and whom its decision is recorded as." }),
    approval: t.relation("approval", {
      type: ApprovalNode,
      description: "The very request that it decides: of one run, one step and one round.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was made." }),
    expiresAt: t.expose("expiresAt", { type: "DateTime", description: "When it ends." }),
    usedAt: t.expose("usedAt", { type: "DateTime", nullable: true, description: "When it decided." }),
    revokedAt: t.expose("revokedAt", { type: "DateTime", nullable: true, description: "When it was taken back." }),
  }),
});

const linkField = <Shape extends { linkId: number }>(t: PayloadBuilder<Shape>) =>
  t.prismaField({
    type: DecisionLinkType,
    description: "The link, read after the change.",
    resolve: (query, { linkId }, _args, { prisma }) =>
      prisma.decisionLink.findUniqueOrThrow({ ...query, where: { id: linkId } }),
  });

builder.queryField("decisionLinks", (t) =>
  t.prismaConnection(
    {
      authScopes: (_root, { everybody }) => (everybody ? { OWN: true } : { DECIDE: true }),
      type: DecisionLinkType,
      cursor: "id",
      extensions: VIEWER_SPECIFIC,
      description: "One's own decision links, those of mails included, newest first.",
      args: {
        everybody: t.arg.boolean({ defaultValue: false, description: "Those of everybody. For owners." }),
      },
      totalCount: (_root, { everybody }, { prisma, actor }) =>
        prisma.decisionLink.count({ where: everybody ? {} : { actorId: actor.id } }),
      resolve: (query, _root, { everybody }, { prisma, actor }) =>
        prisma.decisionLink.findMany({
          ...query,
          where: everybody ? {} : { actorId: actor.id },
          orderBy: { id: "desc" },
        }),
    },
    { name: "DecisionLinkConnection", description: "A page of decision links." },
    { name: "DecisionLinkEdge", description: "One of a list of decision links." },
  ),
);

builder.relayMutationField(
  "createDecisionLink",
  {
    name: "CreateDecisionLinkInput",
    description: "The gate to decide by a link.",
    inputFields: (t) => ({
      stepId: t.id({ required: true, description: "A RunStep that waits for approval." }),
      hours: t.int({ description: "After how many hours it ends, 1 to 744; 72 when left out." }),
    }),
  },
  {
    authScopes: { DECIDE: true },
    description:
      "Makes a link for oneself. Whoever has it decides in one's name. An API key with scopes makes none; of one that expires, links end with it.",
    errors: { types: [NotFoundError, ForbiddenError, ApprovalFinalError, RunNotActiveError, InvalidInputError] },
    resolve: async (_root, { input: { stepId, hours } }, { engine, actor, notifications }) => {
      const made = await createDecisionLink(engine, actor, { runStepId: databaseId("RunStep", stepId), hours });
      return { linkId: made.linkId, url: `${notifications.origin()}/decide/${made.secret}` };
    },
  },
  {
    name: "CreateDecisionLinkSuccess",
    description: "The link is there.",
    outputFields: (t) => ({
      link: linkField(t),
      url: t.exposeString("url", { description: "The link itself. Shown now and never again." }),
    }),
  },
);

builder.relayMutationField(
  "revokeDecisionLink",
  {
    name: "RevokeDecisionLinkInput",
    description: "The link to take back.",
    inputFields: (t) => ({ linkId: t.id({ required: true, description: "A DecisionLink." }) }),
  },
  {
    authScopes: { VIEW: true },
    description: "Takes a link back: one's own, or as an owner anybody's.",
    errors: { types: [NotFoundError, ForbiddenError] },
    resolve: (_root, { input: { linkId } }, { engine, actor }) =>
      revokeDecisionLink(engine, actor, { linkId: databaseId("DecisionLink", linkId) }),
  },
  {
    name: "RevokeDecisionLinkSuccess",
    description: "The link decides nothing any more.",
    outputFields: (t) => ({ link: linkField(t) }),
  },
);
