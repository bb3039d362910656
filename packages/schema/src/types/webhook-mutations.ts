import {
  createWebhook,
  deleteWebhook,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  replayDelivery,
  replayFailedDeliveries,
  rotateWebhookSecret,
  sendTestWebhook,
  updateWebhook,
} from "@sluice/engine";
import { builder } from "../builder.ts";
import { databaseId } from "../node-id.ts";
import { DeliveryNode } from "./delivery.ts";
import { NotificationTypeEnum } from "./notification-enums.ts";
import type { PayloadBuilder } from "./payload-fields.ts";
import { WebhookNode } from "./webhook.ts";

const webhookField = <Shape extends { webhookId: number }>(t: PayloadBuilder<Shape>) =>
  t.prismaField({
    type: WebhookNode,
    description: "The webhook, read after the change.",
    resolve: (query, { webhookId }, _args, { prisma }) =>
      prisma.webhook.findUniqueOrThrow({ ...query, where: { id: webhookId } }),
  });

const deliveryField = <Shape extends { deliveryId: number }>(t: PayloadBuilder<Shape>) =>
  t.prismaField({
    type: DeliveryNode,
    description: "The new delivery, which is sent at once.",
    resolve: (query, { deliveryId }, _args, { prisma }) =>
      prisma.delivery.findUniqueOrThrow({ ...query, where: { id: deliveryId } }),
  });

const SECRET = "What requests are signed with. Shown now and never again.";

builder.relayMutationField(
  "createWebhook",
  {
    name: "CreateWebhookInput",
    description: "The address to tell.",
    inputFields: (t) => ({
      url: t.string({
        required: true,
        description: "http or https. Private addresses are refused unless the operator allows them.",
      }),
      description: t.string({ description: "What it is for." }),
      eventTypes: t.field({
        type: [NotificationTypeEnum],
        description: "What to tell of; all when left out or empty.",
      }),
    }),
  },
  {
    authScopes: { OWN: true },
    description: "Has an address told of what happens from now on.",
    errors: { types: [ForbiddenError, InvalidInputError] },
    resolve: (_root, { input }, { engine, actor, notifications: { receivers } }) =>
      createWebhook({ ...engine, receivers }, actor, input),
  },
  {
    name: "CreateWebhookSuccess",
    description: "The webhook is there.",
    outputFields: (t) => ({ webhook: webhookField(t), secret: t.exposeString("secret", { description: SECRET }) }),
  },
);

builder.relayMutationField(
  "updateWebhook",
  {
    name: "UpdateWebhookInput",
    description: "What to change; the rest stays as it is.",
    inputFields: (t) => ({
      webhookId: t.id({ required: true, description: "A Webhook." }),
      url: t.string({ description: "Where requests go; those that wait too." }),
      description: t.string({ description: "What it is for; empty for none." }),
      eventTypes: t.field({ type: [NotificationTypeEnum], description: "What to tell of; all when empty." }),
      enabled: t.boolean({ description: "False cancels what waits, and nothing is kept for it meanwhile." }),
    }),
  },
  {
    authScopes: { OWN: true },
    description: "Changes a webhook.",
    errors: { types: [NotFoundError, ForbiddenError, InvalidInputError] },
    resolve: (_root, { input: { webhookId, ...input } }, { engine, actor, notifications: { receivers } }) =>
      updateWebhook({ ...engine, receivers }, actor, { ...input, webhookId: databaseId("Webhook", webhookId) }),
  },
  {
    name: "UpdateWebhookSuccess",
    description: "The webhook is changed.",
    outputFields: (t) => ({ webhook: webhookField(t) }),
  },
);

builder.relayMutationField(
  "deleteWebhook",
  {
    name: "DeleteWebhookInput",
    description: "The webhook to delete.",
    inputFields: (t) => ({ webhookId: t.id({ required: true, description: "A Webhook." }) }),
  },
  {
    authScopes: { OWN: true },
    description: "Has an address told of nothing any more. Its delivery log stays.",
    errors: { types: [NotFoundError, ForbiddenError] },
    resolve: (_root, { input: { webhookId } }, { engine, actor }) =>
      deleteWebhook(engine, actor, { webhookId: databaseId("Webhook", webhookId) }),
  },
  {
    name: "DeleteWebhookSuccess",
    description: "The webhook is deleted.",
    outputFields: (t) => ({ webhook: webhookField(t) }),
  },
);

builder.relayMutationField(
  "rotateWebhookSecret",
  {
    name: "RotateWebhookSecretInput",
    description: "The webhook whose secret to change.",
    inputFields: (t) => ({ webhookId: t.id({ required: true, description: "A Webhook." }) }),
  },
  {
    authScopes: { OWN: true },
    description: "Gives a webhook a new secret. For 24 hours the one before signs too.",
    errors: { types: [NotFoundError, ForbiddenError] },
    resolve: (_root, { input: { webhookId } }, { engine, actor }) =>
      rotateWebhookSecret(engine, actor, { webhookId: databaseId("Webhook", webhookId) }),
  },
  {
    name: "RotateWebhookSecretSuccess",
    description: "The secret is changed.",
    outputFields: (t) => ({ webhook: webhookField(t), secret: t.exposeString("secret", { description: SECRET }) }),
  },
);

builder.relayMutationField(
  "sendTestWebhook",
  {
    name: "SendTestWebhookInput",
    description: "The webhook to try.",
    inputFields: (t) => ({ webhookId: t.id({ required: true, description: "A Webhook." }) }),
  },
  {
    authScopes: { OWN: true },
    description: "Sends a webhook a message of the type `webhook.test`, on the way that every message takes.",
    errors: { types: [NotFoundError, ForbiddenError, InvalidInputError] },
    resolve: (_root, { input: { webhookId } }, { engine, actor }) =>
      sendTestWebhook(engine, actor, { webhookId: databaseId("Webhook", webhookId) }),
  },
  {
    name: "SendTestWebhookSuccess",
    description: "The test is on its way.",
    outputFields: (t) => ({ delivery: deliveryField(t) }),
  },
);

builder.relayMutationField(
  "replayDelivery",
  {
    name: "ReplayDeliveryInput",
    description: "The message to send again.",
    inputFields: (t) => ({ deliveryId: t.id({ required: true, description: "A Delivery." }) }),
  },
  {
    authScopes: { OWN: true },
    description: "Sends a message again, under the id that it had: a receiver that did get it knows it.",
    errors: { types: [NotFoundError, ForbiddenError, InvalidInputError] },
    resolve: (_root, { input: { deliveryId } }, { engine, actor }) =>
      replayDelivery(engine, actor, { deliveryId: databaseId("Delivery", deliveryId) }),
  },
  {
    name: "ReplayDeliverySuccess",
    description: "It is on its way again.",
    outputFields: (t) => ({ delivery: deliveryField(t) }),
  },
);

builder.relayMutationField(
  "replayFailedDeliveries",
  {
    name: "ReplayFailedDeliveriesInput",
    description: "Which messages to send again.",
    inputFields: (t) => ({
      since: t.field({ type: "DateTime", required: true, description: "Those that were put in line then or later." }),
      webhookId: t.id({ description: "Those of one Webhook; of all receivers when left out." }),
    }),
  },
  {
    authScopes: { OWN: true },
    description: "Sends again what was given up, as after a receiver was away for long. What was replayed is left out.",
    errors: { types: [ForbiddenError] },
    resolve: (_root, { input: { since, webhookId } }, { engine, actor }) =>
      replayFailedDeliveries(engine, actor, { since, webhookId: webhookId ? databaseId("Webhook", webhookId) : null }),
  },
  {
    name: "ReplayFailedDeliveriesSuccess",
    description: "They are on their way again.",
    outputFields: (t) => ({ replayed: t.exposeInt("replayed", { description: "How many." }) }),
  },
);
