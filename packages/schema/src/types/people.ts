import { builder } from "../builder.ts";
import { encodeNodeId } from "../node-id.ts";
import { ActorType } from "./actor.ts";
import { ActorKindEnum, InvitationStatusEnum, RoleEnum } from "./enums.ts";

builder.queryField("people", (t) =>
  t.prismaConnection(
    {
      authScopes: { VIEW: true },
      type: ActorType,
      cursor: "id",
      description: "Who is known here, by name.",
      args: {
        kind: t.arg({ type: ActorKindEnum, description: "Only persons, or only integrations." }),
        includeDeactivated: t.arg.boolean({
          defaultValue: false,
          description: "Also those who may do nothing any more.",
        }),
      },
      totalCount: (_root, args, { prisma }) => prisma.actor.count({ where: peopleWhere(args) }),
      resolve: (query, _root, args, { prisma }) =>
        prisma.actor.findMany({ ...query, where: peopleWhere(args), orderBy: { name: "asc" } }),
    },
    { name: "ActorConnection", description: "A page of people and integrations." },
    { name: "ActorEdge", description: "One of a list of people and integrations." },
  ),
);

function peopleWhere(args: {
  readonly kind?: "PERSON" | "INTEGRATION" | null | undefined;
  readonly includeDeactivated?: boolean | null | undefined;
}) {
  return { ...(args.kind && { kind: args.kind }), ...(!args.includeDeactivated && { deactivatedAt: null }) };
}

/** No node of its own: what it says is for owners alone. */
export const InvitationType = builder.prismaObject("Invitation", {
  authScopes: { OWN: true },
  description: "A link by which somebody becomes a person here, once, within a week.",
  fields: (t) => ({
    id: t.id({
      select: { id: true },
      description: "Identifies it over the whole API. Opaque.",
      resolve: ({ id }) => encodeNodeId("Invitation", id),
    }),
    role: t.expose("role", { type: RoleEnum, description: "What whoever accepts it may do." }),
    email: t.exposeString("email", { nullable: true, description: "Theirs; null where they say it themselves." }),
    name: t.exposeString("name", { nullable: true, description: "Theirs; null where they choose it themselves." }),
    status: t.field({
      type: InvitationStatusEnum,
      select: { acceptedAt: true, revokedAt: true, expiresAt: true },
      description: "Where it is.",
      resolve: ({ acceptedAt, revokedAt, expiresAt }) => {
        if (acceptedAt) return "ACCEPTED";
        if (revokedAt) return "REVOKED";
        return expiresAt > new Date() ? "OPEN" : "EXPIRED";
      },
    }),
    invitedBy: t.relation("invitedBy", { nullable: true, description: "Who invited." }),
    acceptedBy: t.relation("acceptedBy", { nullable: true, description: "Who came; null while nobody has." }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was made." }),
    expiresAt: t.expose("expiresAt", { type: "DateTime", description: "Until when it can be accepted." }),
  }),
});

builder.queryField("invitations", (t) =>
  t.prismaConnection(
    {
      authScopes: { OWN: true },
      type: InvitationType,
      cursor: "id",
      description: "Invitations that can be accepted, newest first. For owners.",
      args: {
        includeAll: t.arg.boolean({
          defaultValue: false,
          description: "Also those that are accepted, revoked or expired.",
        }),
      },
      totalCount: (_root, args, { prisma }) => prisma.invitation.count({ where: invitationsWhere(args) }),
      resolve: (query, _root, args, { prisma }) =>
        prisma.invitation.findMany({ ...query, where: invitationsWhere(args), orderBy: { id: "desc" } }),
    },
    { name: "InvitationConnection", description: "A page of invitations." },
    { name: "InvitationEdge", description: "One of a list of invitations." },
  ),
);

function invitationsWhere({ includeAll }: { readonly includeAll?: boolean | null | undefined }) {
  return includeAll ? {} : { acceptedAt: null, revokedAt: null, expiresAt: { gt: new Date() } };
}
