import { DEFAULT_MAX_ROUNDS, type DecisionPolicy } from "@sluice/engine";
import { builder } from "../builder.ts";
import { candidateConnection } from "../loaders/candidate-connection.ts";
import { rowById } from "../loaders/rows.ts";
import { type StepRoundRow, stepRounds } from "../loaders/step-rounds.ts";
import { ApprovalNode } from "./approval.ts";
import { CandidateConnection } from "./candidate.ts";
import { RunStepNode } from "./run-step.ts";

const StepRoundType = builder.objectRef<StepRoundRow>("StepRound").implement({
  description: "One round of a step: from its beginning, or from when the round before was sent back, to the next.",
  fields: (t) => ({
    number: t.exposeInt("number", { description: "From 1." }),
    startedAt: t.expose("startedAt", {
      type: "DateTime",
      description: "When the run was created, or the round before was sent back.",
    }),
    comment: t.exposeString("comment", {
      nullable: true,
      description: "Why it was sent back, which the next round's generator is given; null while it is the current one.",
    }),
    sentBackBy: t.prismaField({
      type: ApprovalNode,
      nullable: true,
      description: "The decision that ended it, of this step's gate or a later one; null while it is the current one.",
      resolve: async (query, { sentBackById }, _args, context, info) =>
        sentBackById === null
          ? null
          : await rowById(context, info.fieldNodes[0] as object, sentBackById, (ids) =>
              context.prisma.approval.findMany({ ...query, where: { id: { in: ids } } }),
            ),
    }),
    approval: t.prismaField({
      type: ApprovalNode,
      nullable: true,
      description: "The request or decision of the step's own gate in this round; null where nobody was asked.",
      resolve: async (query, { approvalId }, _args, context, info) =>
        approvalId === null
          ? null
          : await rowById(context, info.fieldNodes[0] as object, approvalId, (ids) =>
              context.prisma.approval.findMany({ ...query, where: { id: { in: ids } } }),
            ),
    }),
    candidates: t.field({
      type: CandidateConnection,
      description:
        "What was made in it, the oldest first, with the ratings and the advancement that it had at its end.",
      args: {
        first: t.arg.int({ description: "How many: 20 by default, 100 at most." }),
        after: t.arg.string({ description: "Only what follows this cursor." }),
        advancingOnly: t.arg.boolean({ defaultValue: false, description: "Only those that advance, or advanced." }),
      },
      resolve: (round, args, context, info) => candidateConnection(context, info, round.runStepId, round.number, args),
    }),
  }),
});

builder.prismaObjectFields(RunStepNode, (t) => ({
  round: t.exposeInt("round", { description: "From 1; rises whenever the step is sent back." }),
  maxRounds: t.int({
    select: { policy: true },
    description: "How many rounds it may have, the first included. In the last one it cannot be sent back any more.",
    resolve: ({ policy }) => (policy as DecisionPolicy).maxRounds ?? DEFAULT_MAX_ROUNDS,
  }),
  rounds: t.field({
    type: [StepRoundType],
    select: { id: true },
    description: "Its rounds, oldest first; the last one is the current one.",
    resolve: async ({ id }, _args, context) => [...(await stepRounds(context, id))],
  }),
}));
