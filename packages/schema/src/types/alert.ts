import { liveEach } from "@sluice/engine";
import { builder } from "../builder.ts";
import { delivers } from "../delivery.ts";
import { AlertKindEnum } from "./enums.ts";

export const AlertNode = builder.prismaNode("Alert", {
  id: { field: "id" },
  description:
    "A run that needs attention. One for each stall, not one for each check; it resolves by itself when the run moves.",
  fields: (t) => ({
    kind: t.expose("kind", { type: AlertKindEnum, description: "Why." }),
    run: t.relation("run", { description: "The run." }),
    step: t.relation("runStep", { nullable: true, description: "The step, where it is about one." }),
    message: t.exposeString("message", { description: "What is wrong and what to do, as a sentence for people." }),
    raisedAt: t.expose("raisedAt", { type: "DateTime", description: "When it was raised." }),
    acknowledgedAt: t.expose("acknowledgedAt", {
      type: "DateTime",
      nullable: true,
      description: "When somebody said that they look after it.",
    }),
    resolvedAt: t.expose("resolvedAt", { type: "DateTime", nullable: true, description: "When it was over." }),
  }),
});

builder.queryField("alerts", (t) =>
  t.prismaField({
    authScopes: { VIEW: true },
    type: [AlertNode],
    args: { includeResolved: t.arg.boolean({ defaultValue: false, description: "Also those that are over." }) },
    description: "What needs attention, newest first; the newest 200 of them.",
    resolve: (query, _root, { includeResolved }, { prisma }) =>
      prisma.alert.findMany({
        ...query,
        where: includeResolved ? {} : { resolvedAt: null },
        orderBy: [{ raisedAt: "desc" }, { id: "desc" }],
        take: 200,
      }),
  }),
);

builder.subscriptionField("alertChanged", (t) =>
  t.prismaField({
    authScopes: { VIEW: true },
    type: AlertNode,
    description: "Each alert when it is raised, acknowledged or resolved.",
    extensions: delivers("each"),
    subscribe: (_root, _args, { engine }) =>
      liveEach(
        engine.tail,
        ({ type, data }) => (type.startsWith("alert_") ? [Number(data.alertId)] : []),
        (alertId) => Promise.resolve(alertId),
      ),
    resolve: (query, alertId, _args, { prisma }) =>
      prisma.alert.findUniqueOrThrow({ ...query, where: { id: alertId as number } }),
  }),
);
