import { ForbiddenError, InvalidInputError, LastOwnerError, NotFoundError } from "@sluice/engine";
import { builder } from "../builder.ts";
import { databaseId } from "../node-id.ts";
import { ActorType, ViewerType } from "./actor.ts";
import { RoleEnum } from "./enums.ts";
import type { PayloadBuilder } from "./payload-fields.ts";
import { InvitationType } from "./people.ts";

const personField = <Shape extends { actorId: number }>(t: PayloadBuilder<Shape>) =>
  t.prismaField({
    type: ActorType,
    description: "Them, read after the change.",
    resolve: (query, { actorId }, _args, { prisma }) =>
      prisma.actor.findUniqueOrThrow({ ...query, where: { id: actorId } }),
  });

const invitationField = <Shape extends { invitationId: number }>(t: PayloadBuilder<Shape>) =>
  t.prismaField({
    type: InvitationType,
    description: "The invitation, read after the change.",
    resolve: (query, { invitationId }, _args, { prisma }) =>
      prisma.invitation.findUniqueOrThrow({ ...query, where: { id: invitationId } }),
  });

builder.relayMutationField(
  "invitePerson",
  {
    name: "InvitePersonInput",
    description: "Whom to invite.",
    inputFields: (t) => ({
      role: t.field({ type: RoleEnum, required: true, description: "What they may do." }),
      email: t.string({ description: "Theirs; the link is mailed there where mail is set up." }),
      name: t.string({ description: "Theirs; they choose one when it is left out." }),
    }),
  },
  {
    authScopes: { OWN: true },
    description: "Makes a link by which one person may join, within a week.",
    errors: { types: [ForbiddenError, InvalidInputError] },
    resolve: (_root, { input }, { identity, actor }) => identity.invitePerson(actor, input),
  },
  {
    name: "InvitePersonSuccess",
    description: "The link works.",
    outputFields: (t) => ({
      invitation: invitationField(t),
      url: t.exposeString("url", { description: "The link. Shown now and never again." }),
      path: t.exposeString("path", {
        description: "The link without the origin, for whoever knows better under which one people come here.",
      }),
      mailed: t.exposeBoolean("isMailed", { description: "It is on its way to them by email." }),
    }),
  },
);

builder.relayMutationField(
  "revokeInvitation",
  {
    name: "RevokeInvitationInput",
    description: "The invitation to take back.",
    inputFields: (t) => ({ invitationId: t.id({ required: true, description: "An Invitation." }) }),
  },
  {
    authScopes: { OWN: true },
    description: "Takes an invitation back: its link does nothing any more.",
    errors: { types: [NotFoundError, ForbiddenError] },
    resolve: (_root, { input }, { identity, actor }) =>
      identity.revokeInvitation(actor, databaseId("Invitation", input.invitationId)),
  },
  {
    name: "RevokeInvitationSuccess",
    description: "The invitation is revoked.",
    outputFields: (t) => ({ invitation: invitationField(t) }),
  },
);

builder.relayMutationField(
  "changeRole",
  {
    name: "ChangeRoleInput",
    description: "Who is to have which role.",
    inputFields: (t) => ({
      personId: t.id({ required: true, description: "An Actor." }),
      role: t.field({ type: RoleEnum, required: true, description: "What they may do from then on." }),
    }),
  },
  {
    authScopes: { OWN: true },
    description: "Gives somebody another role. What they have connected is disconnected, and comes back with it.",
    errors: { types: [NotFoundError, ForbiddenError, InvalidInputError, LastOwnerError] },
    resolve: (_root, { input }, { identity, actor }) =>
      identity.changeRole(actor, { actorId: databaseId("Actor", input.personId), role: input.role }),
  },
  {
    name: "ChangeRoleSuccess",
    description: "They have the role.",
    outputFields: (t) => ({ person: personField(t) }),
  },
);

builder.relayMutationField(
  "renamePerson",
  {
    name: "RenamePersonInput",
    description: "Who is to have which name.",
    inputFields: (t) => ({
      personId: t.id({ required: true, description: "An Actor." }),
      name: t.string({ required: true, description: "The name under which their decisions are shown from then on." }),
    }),
  },
  {
    authScopes: { OWN: true },
    description: "Gives somebody another name. Policies that name them go on naming the old one.",
    errors: { types: [NotFoundError, ForbiddenError, InvalidInputError] },
    resolve: (_root, { input }, { identity, actor }) =>
      identity.renamePerson(actor, { actorId: databaseId("Actor", input.personId), name: input.name }),
  },
  {
    name: "RenamePersonSuccess",
    description: "They have the name.",
    outputFields: (t) => ({ person: personField(t) }),
  },
);

builder.relayMutationField(
  "confirmEmail",
  {
    name: "ConfirmEmailInput",
    description: "An address to vouch for.",
    inputFields: (t) => ({
      personId: t.id({ required: true, description: "An Actor." }),
      email: t.string({ required: true, description: "Their address as it was seen, in case it changed since." }),
    }),
  },
  {
    authScopes: { OWN: true },
    description: "Says that an address is theirs who wrote it. Policies that name it mean them from then on.",
    errors: { types: [NotFoundError, ForbiddenError] },
    resolve: (_root, { input }, { identity, actor }) =>
      identity.confirmEmail(actor, { actorId: databaseId("Actor", input.personId), email: input.email }),
  },
  {
    name: "ConfirmEmailSuccess",
    description: "The address is confirmed.",
    outputFields: (t) => ({ person: personField(t) }),
  },
);

builder.relayMutationField(
  "deactivatePerson",
  {
    name: "DeactivatePersonInput",
    description: "Who is to have no rights.",
    inputFields: (t) => ({ personId: t.id({ required: true, description: "An Actor." }) }),
  },
  {
    authScopes: { OWN: true },
    description: "Takes every right from somebody: their sessions end, their keys stop working. Their decisions stay.",
    errors: { types: [NotFoundError, ForbiddenError, InvalidInputError, LastOwnerError] },
    resolve: (_root, { input }, { identity, actor }) =>
      identity.deactivatePerson(actor, databaseId("Actor", input.personId)),
  },
  {
    name: "DeactivatePersonSuccess",
    description: "They may do nothing.",
    outputFields: (t) => ({ person: personField(t) }),
  },
);

builder.relayMutationField(
  "reactivatePerson",
  {
    name: "ReactivatePersonInput",
    description: "Who is to have their rights back.",
    inputFields: (t) => ({ personId: t.id({ required: true, description: "An Actor." }) }),
  },
  {
    authScopes: { OWN: true },
    description: "Gives somebody their rights back: their keys work again, and they can sign in.",
    errors: { types: [NotFoundError, ForbiddenError] },
    resolve: (_root, { input }, { identity, actor }) =>
      identity.reactivatePerson(actor, databaseId("Actor", input.personId)),
  },
  {
    name: "ReactivatePersonSuccess",
    description: "They may do what their role allows.",
    outputFields: (t) => ({ person: personField(t) }),
  },
);

builder.relayMutationField(
  "updateProfile",
  {
    name: "UpdateProfileInput",
    description: "What to change about oneself; what is left out stays.",
    inputFields: (t) => ({
      name: t.string({ description: "Only owners rename, since policies and decisions go by names." }),
      email: t.string({ description: "What one signs in with and where mail goes." }),
      password: t.string({ description: "A new one, of at least 10 characters. Ends one's other sessions." }),
      currentPassword: t.string({
        description:
          "Needed for a new password or address where there is a password, but within an hour of a sign-in link.",
      }),
      emailNotifications: t.boolean({ description: "Whether to be told by email of what waits." }),
    }),
  },
  {
    authScopes: { VIEW: true },
    description: "Changes what one is known by and signs in with. Password and address take a session, not an API key.",
    errors: { types: [ForbiddenError, InvalidInputError] },
    resolve: (_root, { input }, { identity, actor }) => identity.updateProfile(actor, input),
  },
  {
    name: "UpdateProfileSuccess",
    description: "It is changed.",
    outputFields: (t) => ({
      viewer: t.prismaField({
        type: ViewerType,
        description: "Oneself, read after the change.",
        resolve: (query, { actorId }, _args, { prisma }) =>
          prisma.actor.findUniqueOrThrow({ ...query, where: { id: actorId } }),
      }),
    }),
  },
);
