import { NOTIFICATION_TYPES } from "@sluice/engine";
import { builder } from "../builder.ts";
import { DeliveryNode } from "./delivery.ts";
import { DeliveryStatusEnum, NotificationTypeEnum } from "./notification-enums.ts";

/** For owners: the address may hold a secret of the receiver's. */
export const WebhookNode = builder.prismaNode("Webhook", {
  id: { field: "id" },
  authScopes: { OWN: true },
  description:
    "An address that is told of events, by requests that are signed as Standard Webhooks has it. Its secret is shown once.",
  fields: (t) => ({
    url: t.exposeString("url", { description: "Where requests go. Redirects are not followed." }),
    description: t.exposeString("description", { nullable: true, description: "What it is for." }),
    eventTypes: t.field({
      type: [NotificationTypeEnum],
      select: { eventTypes: true },
      description: "What it is told of.",
      resolve: ({ eventTypes }) =>
        NOTIFICATION_TYPES.filter((type) => eventTypes.length === 0 || eventTypes.includes(type)),
    }),
    enabled: t.exposeBoolean("enabled", { description: "Whether it is told of anything." }),
    disabledReason: t.exposeString("disabledReason", {
      nullable: true,
      description: "Why it was switched off, where nobody did that; such as a receiver that answered 410 Gone.",
    }),
    previousSecretExpiresAt: t.expose("previousSecretExpiresAt", {
      type: "DateTime",
      nullable: true,
      description: "Until when the secret before signs too.",
    }),
    createdBy: t.relation("createdBy", { nullable: true, description: "Who made it." }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was made." }),
    deliveries: t.prismaConnection(
      {
        type: DeliveryNode,
        cursor: "id",
        description: "The delivery log, newest first.",
        args: {
          status: t.arg({ type: DeliveryStatusEnum, description: "Only those that are there; all when left out." }),
        },
        totalCount: ({ id }, { status }, { prisma }) =>
          prisma.delivery.count({ where: { webhookId: id, ...(status && { status }) } }),
        resolve: (query, { id }, { status }, { prisma }) =>
          prisma.delivery.findMany({
            ...query,
            where: { webhookId: id, ...(status && { status }) },
            orderBy: { id: "desc" },
          }),
      },
      { name: "WebhookDeliveryConnection", description: "A page of a webhook's delivery log." },
      { name: "WebhookDeliveryEdge", description: "One of a webhook's deliveries." },
    ),
  }),
});

builder.queryField("webhooks", (t) =>
  t.prismaField({
    authScopes: { OWN: true },
    type: [WebhookNode],
    description: "The webhooks, oldest first, at most 200; those that were deleted are left out. For owners.",
    resolve: (query, _root, _args, { prisma }) =>
      prisma.webhook.findMany({ ...query, where: { deletedAt: null }, orderBy: { id: "asc" }, take: 200 }),
  }),
);
