import { queryFromInfo } from "@pothos/plugin-prisma";
import type { Approval, Prisma } from "@sluice/db";
import { inboxPage, liveEach, whyNotDecide } from "@sluice/engine";
import { builder } from "../builder.ts";
import type { SchemaContext } from "../context.ts";
import { delivers, VIEWER_SPECIFIC } from "../delivery.ts";
import { batched } from "../loaders/batched.ts";
import { rowsById } from "../loaders/rows.ts";
import { searchedName } from "../searched-name.ts";
import { approvalCursor, parseApprovalCursor } from "./approval-cursor.ts";
import { ApprovalStatusEnum, ChannelEnum } from "./enums.ts";
import { confidenceIn, ShownCandidateType, shownIn } from "./shown-candidate.ts";

const MAY_DECIDE = {};

/** Why whoever asks may not decide an approval; one statement for all approvals of an operation. */
async function reasonAgainst(context: SchemaContext, id: number): Promise<string | null> {
  const reason = await batched(context, MAY_DECIDE, id, (ids) => whyNotDecide(context.engine, context.actor, ids));
  return reason === undefined ? "There is no such approval." : reason;
}

export const ApprovalNode = builder.prismaNode("Approval", {
  id: { field: "id" },
  description: "The request for, and the record of, one gate decision.",
  fields: (t) => ({
    run: t.relation("run", { description: "The run." }),
    step: t.relation("runStep", { description: "The step whose gate it is." }),
    status: t.expose("status", { type: ApprovalStatusEnum, description: "Where it is." }),
    round: t.exposeInt("round", { description: "The round of the step that it is about, from 1." }),
    stalled: t.boolean({
      select: { stalled: true, status: true },
      description: "It waits for longer than its step allows.",
      resolve: ({ stalled, status }) => stalled && status === "PENDING",
    }),
    comment: t.exposeString("comment", { nullable: true, description: "What was said with the decision." }),
    topK: t.exposeInt("topK", { nullable: true, description: "K that was decided; null where nothing advances." }),
    decidedBy: t.relation("decidedBy", { nullable: true, description: "Who decided; null where no person did." }),
    channel: t.expose("channel", {
      type: ChannelEnum,
      nullable: true,
      description: "How it was decided; null while it is not, and for decisions from before this was kept.",
    }),
    decidedAt: t.expose("decidedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was decided or cancelled.",
    }),
    requestedAt: t.expose("requestedAt", { type: "DateTime", description: "Since when it waits, or waited." }),
    waitedSeconds: t.float({
      nullable: true,
      select: { requestedAt: true, decidedAt: true },
      description: "How long it waited; null while it does.",
      resolve: ({ requestedAt, decidedAt }) => decidedAt && (decidedAt.getTime() - requestedAt.getTime()) / 1_000,
    }),
    overrideReason: t.exposeString("overrideReason", {
      nullable: true,
      description: "Why votes or confidence that the policy asks for were not waited for.",
    }),
    sentBackTo: t.exposeInt("sentBackTo", {
      nullable: true,
      description: "Position of the step that the run went back to, where it was sent back.",
    }),
    rankingVersion: t.exposeInt("rankingVersion", {
      nullable: true,
      description: "The version of the ranking that was decided on; null while it is not decided.",
    }),
    confidence: t.float({
      nullable: true,
      select: { snapshot: true },
      description: "How sure the cut was when it was decided, 0 to 1; null where no ranking was looked at.",
      resolve: ({ snapshot }) => confidenceIn(snapshot),
    }),
    shown: t.field({
      type: [ShownCandidateType],
      select: { snapshot: true, status: true, topK: true },
      description: "What there was to be seen when it was decided, best first; empty where no ranking was looked at.",
      resolve: (approval) => shownIn(approval),
    }),
    mayDecide: t.boolean({
      select: { id: true },
      description: "You may decide it now.",
      extensions: VIEWER_SPECIFIC,
      resolve: async ({ id }, _args, context) => (await reasonAgainst(context, id)) === null,
    }),
    whyNot: t.string({
      nullable: true,
      select: { id: true },
      description: "Why you may not decide it, as a sentence; null where you may.",
      extensions: VIEWER_SPECIFIC,
      resolve: async ({ id }, _args, context) => await reasonAgainst(context, id),
    }),
  }),
});

interface ApprovalConnectionShape {
  edges: { cursor: string; node: Approval }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  totalCount: number;
}

const ApprovalConnection = builder.connectionObject(
  {
    type: ApprovalNode,
    name: "ApprovalConnection",
    description: "A page of approvals.",
    fields: (t) => ({
      totalCount: t.int({
        description: "How many there are on all pages.",
        resolve: (connection) => (connection as unknown as ApprovalConnectionShape).totalCount,
      }),
    }),
  },
  builder.edgeObject({ type: ApprovalNode, name: "ApprovalEdge", description: "One of a list of approvals." }),
);

/** What the Prisma plugin asks of an approval; its own type is loose. */
type ApprovalSelection = Pick<Prisma.ApprovalFindManyArgs, "include" | "select">;

builder.queryField("approvals", (t) =>
  t.field({
    authScopes: { VIEW: true },
    type: ApprovalConnection,
    args: {
      includeAll: t.arg.boolean({ defaultValue: false, description: "Also those that are decided or cancelled." }),
      mineToDecide: t.arg.boolean({
        defaultValue: false,
        description:
          "Only those that wait for you: you may decide them, and have not signed off on them as they are now.",
      }),
      stalledOnly: t.arg.boolean({
        defaultValue: false,
        description: "Only those that have waited for longer than their step allows.",
      }),
      pipeline: t.arg.string({ description: "Only those of the pipeline with this name, of any version." }),
      first: t.arg.int({ description: "How many: 20 by default, 100 at most." }),
      after: t.arg.string({ description: "Only what follows this cursor." }),
    },
    description: "Gates that wait for a person, over all runs: those that have stalled first, then the longest wait.",
    extensions: VIEWER_SPECIFIC,
    resolve: async (_root, args, context, info) => {
      const after = parseApprovalCursor(args.after);
      const filter = {
        includeAll: args.includeAll ?? false,
        mineToDecide: args.mineToDecide ?? false,
        stalledOnly: args.stalledOnly ?? false,
        pipeline: searchedName(args.pipeline),
      };
      const first = Math.min(100, Math.max(0, args.first ?? 20));
      const page = await inboxPage(context.engine, context.actor, filter, { first, after });
      const query = queryFromInfo({
        context,
        info,
        typeName: "Approval",
        path: ["edges", "node"],
      }) as ApprovalSelection;
      const rows = await rowsById(
        context,
        info.fieldNodes[0] as object,
        page.places.map(({ id }) => id),
        (ids) => context.prisma.approval.findMany({ ...query, where: { id: { in: ids } } }),
      );
      const places = new Map(page.places.map((place) => [place.id, approvalCursor(place)]));
      const edges = rows.map((node) => ({ node, cursor: places.get(node.id) ?? "" }));
      return {
        edges,
        totalCount: page.totalCount,
        pageInfo: {
          hasNextPage: page.hasNextPage,
          hasPreviousPage: after !== null,
          startCursor: edges[0]?.cursor ?? null,
          endCursor: edges.at(-1)?.cursor ?? null,
        },
      };
    },
  }),
);

builder.subscriptionField("approvalChanged", (t) =>
  t.prismaField({
    authScopes: { VIEW: true },
    type: ApprovalNode,
    description:
      "Gates that open or close anywhere: each approval when it is requested, signed off, decided, sent back or cancelled.",
    extensions: delivers("each"),
    subscribe: (_root, _args, { engine }) =>
      liveEach(
        engine.tail,
        ({ type, data }) =>
          type.startsWith("approval_") || type === "step_sent_back" ? [Number(data.approvalId)] : [],
        (approvalId) => Promise.resolve(approvalId),
      ),
    resolve: (query, approvalId, _args, { prisma }) =>
      prisma.approval.findUniqueOrThrow({ ...query, where: { id: approvalId as number } }),
  }),
);
