import { type Approvers, type AutomaticPolicy, type DecisionPolicy, policyInWords, quorumOf } from "@sluice/engine";
import { builder } from "../builder.ts";

const ApproversType = builder.objectRef<Approvers>("Approvers").implement({
  description: "People of at least one of these roles, or named here.",
  fields: (t) => ({
    roles: t.stringList({
      description: "Roles, such as `APPROVER`. Each stands for those above it too.",
      resolve: ({ roles }) => [...roles],
    }),
    people: t.stringList({ description: "Names and email addresses.", resolve: ({ people }) => [...people] }),
  }),
});

const AutomaticPolicyType = builder.objectRef<AutomaticPolicy>("AutomaticPolicy").implement({
  description: "Evidence on which a gate opens without a person. Has either a confidence or an Elo.",
  fields: (t) => ({
    votes: t.exposeInt("votes", { description: "Votes that every candidate needs." }),
    confidence: t.float({
      nullable: true,
      description: "How sure the cut has to be, 0 to 1.",
      resolve: ({ confidence }) => confidence ?? null,
    }),
    elo: t.float({
      nullable: true,
      description: "What every candidate that would advance has to be rated at least.",
      resolve: ({ elo }) => elo ?? null,
    }),
  }),
});

export const DecisionPolicyType = builder.objectRef<DecisionPolicy>("DecisionPolicy").implement({
  description: "Who may decide a gate, and on what evidence. It holds however a decision is made.",
  fields: (t) => ({
    approvers: t.field({
      type: ApproversType,
      nullable: true,
      description: "Who may decide; null: everybody with the right to.",
      resolve: ({ approvers }) => approvers ?? null,
    }),
    quorum: t.int({
      description: "How many different people have to approve the same cut. One rejection is enough.",
      resolve: quorumOf,
    }),
    excludeCreator: t.boolean({
      description: "Whoever created the run may not decide.",
      resolve: ({ excludeCreator }) => excludeCreator ?? false,
    }),
    minVotes: t.int({
      nullable: true,
      description: "Votes that every candidate needs before a person opens the gate, unless they give a reason.",
      resolve: ({ minVotes }) => minVotes ?? null,
    }),
    minConfidence: t.float({
      nullable: true,
      description: "How sure the cut has to be for that, 0 to 1.",
      resolve: ({ minConfidence }) => minConfidence ?? null,
    }),
    automatic: t.field({
      type: AutomaticPolicyType,
      nullable: true,
      description: "On what evidence the gate opens by itself; null: never.",
      resolve: ({ automatic }) => automatic ?? null,
    }),
    escalateTo: t.field({
      type: ApproversType,
      nullable: true,
      description: "Who hears of a stall that lasts.",
      resolve: ({ escalateTo }) => escalateTo ?? null,
    }),
    maxRounds: t.int({
      nullable: true,
      description: "Rounds that the step may have, the first included; null: the usual number.",
      resolve: ({ maxRounds }) => maxRounds ?? null,
    }),
    summary: t.string({
      nullable: true,
      description: "The same in sentences; null where nothing is asked for.",
      resolve: policyInWords,
    }),
  }),
});
