import { may, RIGHTS } from "@sluice/engine";
import { builder } from "../builder.ts";
import { VIEWER_SPECIFIC } from "../delivery.ts";
import { encodeNodeId } from "../node-id.ts";
import { ActorKindEnum, RightEnum, RoleEnum } from "./enums.ts";

export const ActorType = builder.prismaNode("Actor", {
  id: { field: "id" },
  description: "Who did something: a person, or an integration with an API key. Never deleted, only deactivated.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Unique within the installation." }),
    role: t.expose("role", { type: RoleEnum, description: "What they may do." }),
    kind: t.expose("kind", { type: ActorKindEnum, description: "Whether they sign in, or are a program." }),
    email: t.string({
      nullable: true,
      select: { id: true, email: true },
      extensions: VIEWER_SPECIFIC,
      description:
        "What they sign in with and where mail goes. Only owners see those of others; null for anybody else.",
      resolve: ({ id, email }, _args, { actor }) => (id === actor.id || may(actor, "OWN") ? email : null),
    }),
    emailConfirmed: t.exposeBoolean("emailVerified", {
      description: "Policies that name their address mean them: an owner wrote or confirmed it.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "Since when they are known here." }),
    deactivatedAt: t.expose("deactivatedAt", {
      type: "DateTime",
      nullable: true,
      description: "Since when they may do nothing; null while they are active.",
    }),
  }),
});

export const ViewerType = builder.prismaObject("Actor", {
  variant: "Viewer",
  description: "Whoever is asking.",
  fields: (t) => ({
    id: t.id({
      select: { id: true },
      description: "Their id as an Actor.",
      resolve: ({ id }) => encodeNodeId("Actor", id),
    }),
    name: t.exposeString("name", { description: "Unique within the installation." }),
    role: t.expose("role", { type: RoleEnum, description: "What they may do." }),
    rights: t.field({
      type: [RightEnum],
      extensions: VIEWER_SPECIFIC,
      description: "What they may do here and now: what their role allows and the API key they came with, if any.",
      resolve: (_viewer, _args, { actor }) => RIGHTS.filter((right) => may(actor, right)),
    }),
    email: t.exposeString("email", {
      nullable: true,
      description: "What they sign in with and where mail goes; null while they have said none.",
    }),
    emailConfirmed: t.exposeBoolean("emailVerified", {
      description: "Policies that name the address mean them: an owner wrote or confirmed it.",
    }),
    emailNotifications: t.exposeBoolean("emailNotifications", {
      description: "Whether they are told by email of what waits for them.",
    }),
    hasPassword: t.boolean({
      select: { accounts: { where: { providerId: "credential" }, select: { id: true } } },
      description: "They can sign in with their email address and a password.",
      resolve: ({ accounts }) => accounts.length > 0,
    }),
  }),
});

builder.queryField("viewer", (t) =>
  t.prismaField({
    authScopes: { VIEW: true },
    type: ViewerType,
    description: "Whoever is asking.",
    extensions: VIEWER_SPECIFIC,
    resolve: (query, _root, _args, { prisma, actor }) =>
      prisma.actor.findUniqueOrThrow({ ...query, where: { id: actor.id } }),
  }),
);
