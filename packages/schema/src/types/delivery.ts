import { NOTIFICATION_TYPES, type NotificationType } from "@sluice/engine";
import { builder } from "../builder.ts";
import { AlertNode } from "./alert.ts";
import { ApprovalNode } from "./approval.ts";
import { DeliveryChannelEnum, DeliveryStatusEnum, NotificationTypeEnum } from "./notification-enums.ts";
import { RunNode } from "./run.ts";

const DeliveryAttemptType = builder.prismaObject("DeliveryAttempt", {
  authScopes: { OWN: true },
  description: "One try to deliver a message.",
  fields: (t) => ({
    attempt: t.exposeInt("attempt", { description: "Its number, from 1." }),
    at: t.expose("at", { type: "DateTime", description: "When it began." }),
    responseStatus: t.exposeInt("responseStatus", {
      nullable: true,
      description: "What the receiver answered, by HTTP or SMTP; null where that is not known.",
    }),
    error: t.exposeString("error", { nullable: true, description: "What went wrong; null when it arrived." }),
    durationMs: t.exposeInt("durationMs", { description: "How long it took, in milliseconds." }),
  }),
});

/** For owners: addresses of webhooks may hold secrets, and those of people are their own affair. */
export const DeliveryNode = builder.prismaNode("Delivery", {
  id: { field: "id" },
  authScopes: { OWN: true },
  description:
    "One message to one receiver, and how it went. It is tried again until it arrives or is given up, at least once: a receiver may see it twice, under one `messageId`. Some time after it ended, 30 days where the server is told no other, it is deleted.",
  fields: (t) => ({
    channel: t.expose("channel", { type: DeliveryChannelEnum, description: "How it goes out." }),
    messageId: t.string({
      select: { messageId: true },
      description: "The same over all attempts and replays. In a request it is the header `webhook-id`, after `msg_`.",
      resolve: ({ messageId }) => messageId.replaceAll("-", ""),
    }),
    eventType: t.field({
      type: NotificationTypeEnum,
      nullable: true,
      select: { eventType: true },
      description: "What it tells of; null for a test.",
      resolve: ({ eventType }) =>
        NOTIFICATION_TYPES.find((known): known is NotificationType => known === eventType) ?? null,
    }),
    address: t.exposeString("address", { description: "Where it goes, or went." }),
    recipient: t.relation("recipient", { nullable: true, description: "Whom a mail is for." }),
    run: t.relation("run", { type: RunNode, nullable: true, description: "The run; null for a test." }),
    approval: t.relation("approval", {
      type: ApprovalNode,
      nullable: true,
      description: "The approval, where it is about one.",
    }),
    alert: t.relation("alert", { type: AlertNode, nullable: true, description: "The alert, where it is about one." }),
    payload: t.expose("payload", { type: "JSON", description: "The message." }),
    status: t.expose("status", { type: DeliveryStatusEnum, description: "Where it is." }),
    error: t.exposeString("error", { nullable: true, description: "What went wrong last, as a sentence." }),
    attempts: t.relation("log", {
      type: DeliveryAttemptType,
      query: { orderBy: { id: "asc" } },
      description: "How each try went, oldest first.",
    }),
    nextAttemptAt: t.expose("nextAttemptAt", {
      type: "DateTime",
      nullable: true,
      description: "When it is tried again; null when it is not.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was put in line." }),
    deliveredAt: t.expose("deliveredAt", {
      type: "DateTime",
      nullable: true,
      description: "When the receiver took it.",
    }),
    replayOf: t.relation("replayOf", { nullable: true, description: "The delivery that this one repeats." }),
  }),
});

builder.queryField("deliveries", (t) =>
  t.prismaConnection(
    {
      authScopes: { OWN: true },
      type: DeliveryNode,
      cursor: "id",
      description: "Messages to all receivers, newest first. For owners.",
      args: {
        status: t.arg({ type: DeliveryStatusEnum, description: "Only those that are there; all when left out." }),
      },
      totalCount: (_root, { status }, { prisma }) => prisma.delivery.count({ where: status ? { status } : {} }),
      resolve: (query, _root, { status }, { prisma }) =>
        prisma.delivery.findMany({ ...query, where: status ? { status } : {}, orderBy: { id: "desc" } }),
    },
    { name: "DeliveryConnection", description: "A page of deliveries." },
    { name: "DeliveryEdge", description: "One of a list of deliveries." },
  ),
);
