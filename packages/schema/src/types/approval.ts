import { liveEach } from "@sluice/engine";
import { builder } from "../builder.ts";
import { delivers } from "../delivery.ts";
import { ApprovalStatusEnum } from "./enums.ts";

export const ApprovalNode = builder.prismaNode("Approval", {
  id: { field: "id" },
  description: "The request for, and the record of, one gate decision.",
  fields: (t) => ({
    run: t.relation("run", { description: "The run." }),
    step: t.relation("runStep", { description: "The step whose gate it is." }),
    status: t.expose("status", { type: ApprovalStatusEnum, description: "Where it is." }),
    comment: t.exposeString("comment", { nullable: true, description: "What was said with the decision." }),
    topK: t.exposeInt("topK", { nullable: true, description: "K that was decided; null where nothing advances." }),
    decidedBy: t.relation("decidedBy", { nullable: true, description: "Who decided." }),
    decidedAt: t.expose("decidedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was decided or cancelled.",
    }),
    requestedAt: t.expose("requestedAt", { type: "DateTime", description: "Since when it waits, or waited." }),
  }),
});

const waiting = { status: "PENDING" } as const;

builder.queryField("approvals", (t) =>
  t.prismaConnection(
    {
      authScopes: { VIEW: true },
      type: ApprovalNode,
      cursor: "id",
      args: {
        includeAll: t.arg.boolean({ defaultValue: false, description: "Also those that are decided or cancelled." }),
      },
      description: "Gates that wait for a person, over all runs, the longest wait first.",
      totalCount: (_root, { includeAll }, { prisma }) => prisma.approval.count({ where: includeAll ? {} : waiting }),
      resolve: (query, _root, { includeAll }, { prisma }) =>
        prisma.approval.findMany({
          ...query,
          where: includeAll ? {} : waiting,
          orderBy: [{ requestedAt: "asc" }, { id: "asc" }],
        }),
    },
    { name: "ApprovalConnection", description: "A page of approvals." },
    { name: "ApprovalEdge", description: "One of a list of approvals." },
  ),
);

builder.subscriptionField("approvalChanged", (t) =>
  t.prismaField({
    authScopes: { VIEW: true },
    type: ApprovalNode,
    description: "Gates that open or close anywhere: each approval when it is requested, decided or cancelled.",
    extensions: delivers("each"),
    subscribe: (_root, _args, { engine }) =>
      liveEach(
        engine.tail,
        ({ type, data }) => (type.startsWith("approval_") ? [Number(data.approvalId)] : []),
        (approvalId) => Promise.resolve(approvalId),
      ),
    resolve: (query, approvalId, _args, { prisma }) =>
      prisma.approval.findUniqueOrThrow({ ...query, where: { id: approvalId as number } }),
  }),
);
