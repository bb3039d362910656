import {
  AlertResolvedError,
  acknowledgeAlert,
  escalateAlert,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  snoozeAlert,
} from "@sluice/engine";
import { builder } from "../builder.ts";
import { databaseId } from "../node-id.ts";
import { AlertNode } from "./alert.ts";
import { cursorField, type PayloadBuilder } from "./payload-fields.ts";

const alertField = <Shape extends { alertId: number }>(t: PayloadBuilder<Shape>) =>
  t.prismaField({
    type: AlertNode,
    description: "The alert, read after the change.",
    resolve: (query, { alertId }, _args, { prisma }) =>
      prisma.alert.findUniqueOrThrow({ ...query, where: { id: alertId } }),
  });

builder.relayMutationField(
  "acknowledgeAlert",
  {
    name: "AcknowledgeAlertInput",
    description: "The alert that one looks after.",
    inputFields: (t) => ({ alertId: t.id({ required: true, description: "The alert." }) }),
  },
  {
    authScopes: { DECIDE: true },
    description:
      "Says that one looks after an alert: nobody is reminded of it any more. It stays open until its run moves. The first to say so stays named.",
    errors: { types: [NotFoundError, ForbiddenError, AlertResolvedError] },
    resolve: (_root, { input }, { engine, actor }) =>
      acknowledgeAlert(engine, actor, { alertId: databaseId("Alert", input.alertId) }),
  },
  {
    name: "AcknowledgeAlertSuccess",
    description: "Somebody looks after it.",
    outputFields: (t) => ({ alert: alertField(t), cursor: cursorField(t) }),
  },
);

builder.relayMutationField(
  "snoozeAlert",
  {
    name: "SnoozeAlertInput",
    description: "The alert to put off, and for how long: either `minutes` or `until`.",
    inputFields: (t) => ({
      alertId: t.id({ required: true, description: "The alert." }),
      minutes: t.int({ description: "From now: 1 to 43,200, which is 30 days." }),
      until: t.field({ type: "DateTime", description: "A time within the next 30 days." }),
    }),
  },
  {
    authScopes: { DECIDE: true },
    description:
      "Puts an alert off: nobody is reminded before then, and everybody once after it, unless the run has moved on. A later snooze takes the place of an earlier one.",
    errors: { types: [NotFoundError, ForbiddenError, InvalidInputError, AlertResolvedError] },
    resolve: (_root, { input }, { engine, actor }) =>
      snoozeAlert(engine, actor, { ...input, alertId: databaseId("Alert", input.alertId) }),
  },
  {
    name: "SnoozeAlertSuccess",
    description: "It is put off.",
    outputFields: (t) => ({ alert: alertField(t), cursor: cursorField(t) }),
  },
);

builder.relayMutationField(
  "escalateAlert",
  {
    name: "EscalateAlertInput",
    description: "The alert, and who else is to hear of it.",
    inputFields: (t) => ({
      alertId: t.id({ required: true, description: "The alert." }),
      to: t.stringList({
        required: true,
        description: "Names or email addresses of people, and `role:approver` for everybody of that role or above.",
      }),
      comment: t.string({ description: "What they should know." }),
    }),
  },
  {
    authScopes: { DECIDE: true },
    description: "Tells other people of an alert. It gives nobody a right that they do not have.",
    errors: { types: [NotFoundError, ForbiddenError, InvalidInputError, AlertResolvedError] },
    resolve: (_root, { input }, { engine, actor }) =>
      escalateAlert(engine, actor, { ...input, alertId: databaseId("Alert", input.alertId) }),
  },
  {
    name: "EscalateAlertSuccess",
    description: "They are told.",
    outputFields: (t) => ({ alert: alertField(t), cursor: cursorField(t) }),
  },
);
