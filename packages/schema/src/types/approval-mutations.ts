import { type DecisionOutcome, DomainError, decideApprovals, ForbiddenError, InvalidInputError } from "@sluice/engine";
import { builder } from "../builder.ts";
import { rowById } from "../loaders/rows.ts";
import { databaseId } from "../node-id.ts";
import { ApprovalNode } from "./approval.ts";
import { errorValue } from "./error-value.ts";
import { ErrorInterface } from "./errors.ts";

const BulkDecisionKind = builder.enumType("GateDecision", {
  description: "What to do with a gate that waits.",
  values: {
    APPROVE: { description: "Open it, or sign off on it where several people have to." },
    REJECT: { description: "Keep it closed for good, which ends its run." },
  } as const,
});

const BulkDecisionInput = builder.inputType("BulkDecisionInput", {
  description: "One of several decisions.",
  fields: (t) => ({
    approvalId: t.id({
      required: true,
      description:
        "The Approval that waits. Once it is answered or taken back it cannot be decided any more, even where its step asks again.",
    }),
    decision: t.field({ type: BulkDecisionKind, required: true, description: "What to do with it." }),
    topK: t.int({ description: "K, for APPROVE: the most that advance. The step's own when left out." }),
    comment: t.string({ description: "Kept with the decision." }),
    rankingVersion: t.int({
      description: "What was seen, for APPROVE: a ranking that is newer is refused with StaleRankingError.",
    }),
    overrideReason: t.string({
      description: "Why to go ahead without the votes or the confidence that the step's policy asks for, for APPROVE.",
    }),
  }),
});

const DecisionOutcomeKind = builder.enumType("DecisionOutcomeKind", {
  description: "What became of a decision.",
  values: {
    DECIDED: { description: "The gate is decided." },
    SIGNED_OFF: { description: "Recorded; more people have to approve the same cut before the gate opens." },
    FAILED: { description: "Nothing was done; `error` tells why." },
    UNKNOWN: {
      description:
        "The database was away before it said whether this was done: look at `approval`, then try again. Nothing is decided twice.",
    },
  } as const,
});

const DecisionOutcomeType = builder
  .objectRef<DecisionOutcome & { readonly givenId: string }>("DecisionOutcome")
  .implement({
    description: "What became of one of several decisions.",
    fields: (t) => ({
      approvalId: t.exposeID("givenId", {
        description: "The approval that it was for, as it was given, even where there is no such approval.",
      }),
      outcome: t.expose("outcome", { type: DecisionOutcomeKind, description: "What became of it." }),
      approval: t.prismaField({
        type: ApprovalNode,
        nullable: true,
        description: "The approval, read after the decision; null where there is none.",
        resolve: (query, { approvalId }, _args, context, info) =>
          rowById(context, info.fieldNodes[0] as object, approvalId, (ids) =>
            context.prisma.approval.findMany({ ...query, where: { id: { in: ids } } }),
          ),
      }),
      error: t.field({
        type: ErrorInterface,
        nullable: true,
        description: "Why nothing was done, or why that is not known; null where something was.",
        resolve: ({ error }) => {
          // What is no error of the domain is a bug: it is logged and masked as one, for this decision alone.
          if (error !== null && !(error instanceof DomainError)) throw error;
          return error && errorValue(error);
        },
      }),
    }),
  });

builder.relayMutationField(
  "decideApprovals",
  {
    name: "DecideApprovalsInput",
    description: "Gates to decide together.",
    inputFields: (t) => ({
      decisions: t.field({
        type: [BulkDecisionInput],
        required: true,
        description: "1 to 100 decisions. Those of one run are made in this order.",
      }),
    }),
  },
  {
    authScopes: { DECIDE: true },
    description:
      "Decides several gates, each by itself: one that cannot be decided stops none of the others. The results say which is which.",
    errors: { types: [ForbiddenError, InvalidInputError] },
    resolve: async (_root, { input: { decisions } }, { engine, actor }) => {
      const outcomes = await decideApprovals(
        engine,
        actor,
        decisions.map((decision) => ({ ...decision, approvalId: databaseId("Approval", decision.approvalId) })),
      );
      return { results: outcomes.map((outcome, place) => ({ ...outcome, givenId: decisions[place]!.approvalId })) };
    },
  },
  {
    name: "DecideApprovalsSuccess",
    description: "Every decision was tried.",
    outputFields: (t) => ({
      results: t.field({
        type: [DecisionOutcomeType],
        description: "What became of each, in the order of the input.",
        resolve: ({ results }) => results,
      }),
    }),
  },
);
