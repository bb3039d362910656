import {
  type ALERT_CHANGES,
  type AlertChange,
  alertCursorOf,
  alertLogEnd,
  followAlertLog,
  formatAlertCursor,
  InvalidInputError,
  lastAlertChanges,
} from "@sluice/engine";
import { GraphQLError } from "graphql";
import { builder } from "../builder.ts";
import type { SchemaContext } from "../context.ts";
import { delivers } from "../delivery.ts";
import { actorThen } from "../loaders/actor-then.ts";
import { batched } from "../loaders/batched.ts";
import { databaseId } from "../node-id.ts";
import { ActorType } from "./actor.ts";
import { AlertKindEnum } from "./enums.ts";

const AlertChangeEnum = builder.enumType("AlertChange", {
  description: "What happened to an alert.",
  values: {
    RAISED: { description: "Its stall lasts longer than allowed." },
    REMINDED: { description: "It still lasts: at twice and four times what is allowed, and when a snooze has ended." },
    ACKNOWLEDGED: { description: "Somebody looks after it." },
    SNOOZED: { description: "Somebody put it off." },
    ESCALATED: { description: "Others were told, by a person or by the step's policy." },
    RESOLVED: { description: "It is over: its run has moved on, or ended." },
  } as const satisfies Record<(typeof ALERT_CHANGES)[number], { description: string }>,
});

/** Where the change that a value of `alertChanged` tells of is kept with its alert. */
const CHANGE = Symbol("change");
const LAST_CHANGE = {};

/** The change that brought an alert here; elsewhere than in `alertChanged`, its last one. */
async function changeOf(
  alert: { id: number; [CHANGE]?: AlertChange },
  context: SchemaContext,
): Promise<AlertChange | undefined> {
  return (
    alert[CHANGE] ?? (await batched(context, LAST_CHANGE, alert.id, (ids) => lastAlertChanges(context.engine, ids)))
  );
}

export const AlertNode = builder.prismaNode("Alert", {
  id: { field: "id" },
  description:
    "A run that needs attention. One for each stall, not one for each check; it resolves by itself when the run moves.",
  fields: (t) => ({
    kind: t.expose("kind", { type: AlertKindEnum, description: "Why." }),
    run: t.relation("run", { description: "The run." }),
    step: t.relation("runStep", { nullable: true, description: "The step, where it is about one." }),
    message: t.exposeString("message", { description: "What is wrong and what to do, as a sentence for people." }),
    since: t.expose("since", { type: "DateTime", description: "When what it tells of began." }),
    raisedAt: t.expose("raisedAt", { type: "DateTime", description: "When it was raised." }),
    acknowledgedAt: t.expose("acknowledgedAt", {
      type: "DateTime",
      nullable: true,
      description: "When somebody said that they look after it.",
    }),
    acknowledgedBy: t.relation("acknowledgedBy", { nullable: true, description: "Who looks after it." }),
    snoozedUntil: t.expose("snoozedUntil", {
      type: "DateTime",
      nullable: true,
      description: "Nobody is reminded of it before then.",
    }),
    reminders: t.exposeInt("reminders", { description: "How often it was repeated." }),
    escalatedTo: t.exposeStringList("escalatedTo", {
      description: "Names of people, and `role:…`, who were told beside those who are told anyway.",
    }),
    resolvedAt: t.expose("resolvedAt", { type: "DateTime", nullable: true, description: "When it was over." }),
    change: t.field({
      type: AlertChangeEnum,
      nullable: true,
      select: { id: true },
      description: "In `alertChanged`, what this value tells of; elsewhere what happened to it last.",
      resolve: async (alert, _args, context) => (await changeOf(alert, context))?.change ?? null,
    }),
    changedAt: t.field({
      type: "DateTime",
      nullable: true,
      select: { id: true },
      description: "When that happened.",
      resolve: async (alert, _args, context) => (await changeOf(alert, context))?.at ?? null,
    }),
    changedBy: t.prismaField({
      type: ActorType,
      nullable: true,
      select: { id: true },
      description:
        "Who did that, as they are now but by the name of then; null when it happened by itself, or nobody is known by that name.",
      resolve: async (query, alert, _args, context, info) => {
        const change = await changeOf(alert, context);
        return change
          ? await actorThen(context, info.fieldNodes[0] as object, change, (ids) =>
              context.prisma.actor.findMany({ ...query, where: { id: { in: ids } } }),
            )
          : null;
      },
    }),
    changeComment: t.string({
      nullable: true,
      select: { id: true },
      description: "What they said with it, to those whom it was escalated to.",
      resolve: async (alert, _args, context) => (await changeOf(alert, context))?.comment ?? null,
    }),
    cursor: t.string({
      select: { id: true },
      description: "The place of that change among those of all alerts: give it to `alertChanged` as `after`. Opaque.",
      resolve: async (alert, _args, context) =>
        (await changeOf(alert, context))?.cursor ?? formatAlertCursor({ xid: 0n, id: 0n }),
    }),
  }),
});

/** Of one answer. */
const MAX_ALERTS = 200;

builder.queryFields((t) => ({
  alerts: t.prismaField({
    authScopes: { VIEW: true },
    type: [AlertNode],
    args: {
      includeResolved: t.arg.boolean({ defaultValue: false, description: "Also those that are over." }),
      raisedBefore: t.arg.id({ description: "An alert: only those that were raised before it." }),
      first: t.arg.int({ description: `How many: ${MAX_ALERTS} by default, which is the most.` }),
    },
    description: "What needs attention, newest first.",
    resolve: (query, _root, { includeResolved, raisedBefore, first }, { prisma }) =>
      prisma.alert.findMany({
        ...query,
        where: {
          ...(!includeResolved && { resolvedAt: null }),
          ...(raisedBefore && { id: { lt: databaseId("Alert", raisedBefore) } }),
        },
        orderBy: { id: "desc" },
        take: Math.min(Math.max(first ?? MAX_ALERTS, 1), MAX_ALERTS),
      }),
  }),
  alertCursor: t.string({
    authScopes: { VIEW: true },
    description:
      "The present end of what `alertChanged` replays. Ask for it first, then for `alerts`, then subscribe after it: nothing is missed.",
    resolve: async (_root, _args, { engine }) => formatAlertCursor(await alertLogEnd(engine)),
  }),
}));

builder.subscriptionField("alertChanged", (t) =>
  t.prismaField({
    authScopes: { VIEW: true },
    type: AlertNode,
    args: {
      after: t.arg.string({
        description: "Cursor of the last change one has: those behind it come first. Only what follows when left out.",
      }),
    },
    description:
      "Every change of every alert, in order, none lost: what came after the cursor, then what follows. `change` says what happened; the rest is the alert as it is when the value is sent.",
    extensions: delivers("log"),
    subscribe: async (_root, { after }, { engine }) => followAlertLog(engine, await placeOf(engine, after)),
    resolve: async (query, change, _args, { prisma }) => {
      const alert = await prisma.alert.findUniqueOrThrow({
        ...query,
        where: { id: (change as AlertChange).alertId },
      });
      return { ...alert, [CHANGE]: change as AlertChange };
    },
  }),
);

/** @throws GraphQLError with the code BAD_CURSOR */
async function placeOf(engine: SchemaContext["engine"], after: string | null | undefined) {
  if (!after) return await alertLogEnd(engine);
  try {
    return await alertCursorOf(engine, after);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new GraphQLError(error.message, { extensions: { code: "BAD_CURSOR" } });
  }
}
