import { ForbiddenError, InvalidInputError, NotFoundError, scopesOf } from "@sluice/engine";
import { builder } from "../builder.ts";
import { VIEWER_SPECIFIC } from "../delivery.ts";
import { databaseId, encodeNodeId } from "../node-id.ts";
import { RightEnum } from "./enums.ts";

/** No node of its own: whose it is decides who sees it. */
export const ApiKeyType = builder.prismaObject("ApiKey", {
  description: "What a program shows instead of signing in. Its secret is shown once, when it is made.",
  fields: (t) => ({
    id: t.id({
      select: { id: true },
      description: "Identifies it over the whole API. Opaque.",
      resolve: ({ id }) => encodeNodeId("ApiKey", id),
    }),
    name: t.exposeString("name", { nullable: true, description: "What it is for." }),
    prefix: t.exposeString("start", {
      nullable: true,
      description: "Its first characters, to tell keys apart; null for keys from before they were kept.",
    }),
    scopes: t.field({
      type: [RightEnum],
      nullable: true,
      select: { permissions: true },
      description: "What it narrows its owner's role to; null where it may do all that its owner may.",
      resolve: ({ permissions }) => scopesOf(permissions),
    }),
    owner: t.relation("actor", { description: "Whose it is, and who its decisions are recorded as." }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was made." }),
    expiresAt: t.expose("expiresAt", {
      type: "DateTime",
      nullable: true,
      description: "When it stops working; null: never.",
    }),
    lastUsedAt: t.expose("lastRequest", {
      type: "DateTime",
      nullable: true,
      description: "When it was last used, to the minute; null: never.",
    }),
  }),
});

builder.queryField("apiKeys", (t) =>
  t.prismaConnection(
    {
      authScopes: (_root, { everybody }) => (everybody ? { OWN: true } : { VIEW: true }),
      type: ApiKeyType,
      cursor: "id",
      extensions: VIEWER_SPECIFIC,
      description: "One's own API keys, newest first.",
      args: {
        everybody: t.arg.boolean({ defaultValue: false, description: "Those of everybody. For owners." }),
      },
      totalCount: (_root, { everybody }, { prisma, actor }) =>
        prisma.apiKey.count({ where: everybody ? {} : { actorId: actor.id } }),
      resolve: (query, _root, { everybody }, { prisma, actor }) =>
        prisma.apiKey.findMany({
          ...query,
          where: everybody ? {} : { actorId: actor.id },
          orderBy: { id: "desc" },
        }),
    },
    { name: "ApiKeyConnection", description: "A page of API keys." },
    { name: "ApiKeyEdge", description: "One of a list of API keys." },
  ),
);

builder.relayMutationField(
  "createApiKey",
  {
    name: "CreateApiKeyInput",
    description: "A key for oneself.",
    inputFields: (t) => ({
      name: t.string({ required: true, description: "What it is for, such as the program's name." }),
      scopes: t.field({
        type: [RightEnum],
        description: "What it may do, of what one may oneself; all of it when left out.",
      }),
      days: t.int({ description: "After how many days it stops working; never when left out." }),
    }),
  },
  {
    authScopes: { VIEW: true },
    description: "Makes an API key. Whoever has it acts as its owner, as far as its scopes go.",
    errors: { types: [ForbiddenError, InvalidInputError] },
    resolve: (_root, { input: { name, scopes, days } }, { identity, actor }) =>
      identity.createApiKey(actor, { name, scopes: scopes ?? null, days: days ?? null }),
  },
  {
    name: "CreateApiKeySuccess",
    description: "The key works.",
    outputFields: (t) => ({
      secret: t.exposeString("secret", { description: "For `Authorization: Bearer …`. Shown now and never again." }),
      apiKey: t.prismaField({
        type: ApiKeyType,
        description: "The key as it is listed.",
        resolve: (query, { apiKeyId }, _args, { prisma }) =>
          prisma.apiKey.findUniqueOrThrow({ ...query, where: { id: apiKeyId } }),
      }),
    }),
  },
);

builder.relayMutationField(
  "revokeApiKey",
  {
    name: "RevokeApiKeyInput",
    description: "The key to take back.",
    inputFields: (t) => ({
      apiKeyId: t.id({ required: true, description: "One of one's own; for owners, anybody's." }),
    }),
  },
  {
    authScopes: { VIEW: true },
    description: "Takes an API key back at once: what is connected by it is disconnected.",
    errors: { types: [NotFoundError, ForbiddenError] },
    resolve: (_root, { input }, { identity, actor }) =>
      identity.revokeApiKey(actor, databaseId("ApiKey", input.apiKeyId)),
  },
  {
    name: "RevokeApiKeySuccess",
    description: "The key does not work any more.",
    outputFields: (t) => ({
      apiKeyId: t.id({
        description: "The id that it had.",
        resolve: ({ apiKeyId }) => encodeNodeId("ApiKey", apiKeyId),
      }),
    }),
  },
);
