import {
  AUDIT_TYPES,
  type AuditEntryContent,
  type AuditHead,
  type AuditProblem,
  type AuditType,
  type AuditVerdict,
  auditHead,
  type BudgetChange,
  type BudgetLimits,
  type ChangedCandidate,
  type ImportedCandidate,
  parseAuditHead,
  verifyAudit,
} from "@sluice/engine";
import { GraphQLError } from "graphql";
import { builder } from "../builder.ts";
import { rowById } from "../loaders/rows.ts";
import { databaseId, encodeNodeId } from "../node-id.ts";
import { ChannelEnum, RoleEnum } from "./enums.ts";
import { RunNode } from "./run.ts";

const DESCRIPTIONS: Record<AuditType, string> = {
  approved: "A person opened the gate.",
  approved_by_policy: "The step's automatic policy opened it.",
  approved_in_advance: "A person approved all gates that remained, and this one's step had not settled yet.",
  rejected: "A person kept it closed, which ended the run.",
  sent_back: "A person sent the run back to an earlier step.",
  signed_off: "One of several people who have to consented.",
  sign_off_withdrawn: "That person took it back.",
  cancelled: "Nobody answered: the run ended, or the step made candidates again.",
  candidate_rejected: "A person took a candidate out, whatever its rating.",
  candidate_restored: "A person took a candidate in again that had been rejected.",
  candidates_imported: "Candidates that were made elsewhere came in, to be chosen among.",
  budget_changed: "The run may spend more or less from then on.",
};

const AuditTypeEnum = builder.enumType("AuditType", {
  description: "What an audit entry tells of.",
  values: Object.fromEntries(
    AUDIT_TYPES.map((type) => [type.toUpperCase(), { value: type, description: DESCRIPTIONS[type] }]),
  ) as Record<Uppercase<AuditType>, { value: AuditType; description: string }>,
});

const RejectedCandidateType = builder.objectRef<ChangedCandidate>("RejectedCandidate").implement({
  description: "A candidate that a person took out, or in again, as the audit chain has it.",
  fields: (t) => ({
    candidateId: t.id({
      description: "Its id, as `Candidate.id` has it.",
      resolve: ({ id }) => encodeNodeId("Candidate", id),
    }),
    replaced: t.exposeBoolean("replaced", {
      description: "Another one is made in its place; of one that is in again, another one was, and stays beside it.",
    }),
    afterDecision: t.exposeBoolean("afterDecision", {
      description: "What advances was fixed already: if it had come through, it is a parent no more.",
    }),
  }),
});

const ImportedCandidateType = builder.objectRef<ImportedCandidate>("ImportedCandidate").implement({
  description: "A candidate that was made elsewhere, as the audit chain has it.",
  fields: (t) => ({
    candidateId: t.id({
      description: "Its id, as `Candidate.id` has it.",
      resolve: ({ id }) => encodeNodeId("Candidate", id),
    }),
    source: t.exposeString("source", {
      nullable: true,
      description: "Where it comes from, as whoever brought it says.",
    }),
  }),
});

const BudgetLimitsType = builder.objectRef<BudgetLimits>("BudgetLimits").implement({
  description: "What a run may spend from its beginning on.",
  fields: (t) => ({
    maxJobs: t.exposeInt("maxJobs", { nullable: true, description: "Attempts at jobs; null is without a limit." }),
    maxCostUsd: t.exposeFloat("maxCostUsd", { nullable: true, description: "US dollars; null is without a limit." }),
  }),
});

const BudgetChangeType = builder.objectRef<BudgetChange>("BudgetChange").implement({
  description: "Another budget for a run, as the audit chain has it.",
  fields: (t) => ({
    before: t.expose("before", { type: BudgetLimitsType, description: "What it might spend before." }),
    after: t.expose("after", { type: BudgetLimitsType, description: "What it may spend since." }),
  }),
});

const contentOf = ({ entry }: { entry: string }): AuditEntryContent => JSON.parse(entry) as AuditEntryContent;

const AuditEntryNode = builder.prismaNode("AuditEntry", {
  id: { field: "id" },
  description: "One decision, or what led to one, chained to the entry before it: an entry that is changed shows.",
  fields: (t) => ({
    number: t.int({
      select: { id: true },
      description: "Its place in the chain over all runs, from 1, without gaps.",
      resolve: ({ id }) => id,
    }),
    at: t.expose("at", { type: "DateTime", description: "When it happened." }),
    type: t.field({
      type: AuditTypeEnum,
      select: { type: true },
      description: "What it tells of.",
      resolve: ({ type }) => type as AuditType,
    }),
    run: t.prismaField({
      type: RunNode,
      nullable: true,
      select: { runId: true },
      description: "The run; null where it is not kept any more, which the entry outlives.",
      resolve: (query, { runId }, _args, context, info) =>
        rowById(context, info.fieldNodes[0] as object, runId, (ids) =>
          context.prisma.pipelineRun.findMany({ ...query, where: { id: { in: ids } } }),
        ),
    }),
    runNumber: t.int({
      select: { runId: true },
      description: "Number of the run.",
      resolve: ({ runId }) => runId,
    }),
    stepPosition: t.int({
      select: { entry: true },
      description: "Place of the step, from 1.",
      resolve: (row) => contentOf(row).step.position,
    }),
    stepName: t.string({
      select: { entry: true },
      description: "Name of the step.",
      resolve: (row) => contentOf(row).step.name,
    }),
    round: t.int({
      select: { entry: true },
      description: "Round of the step, from 1.",
      resolve: (row) => contentOf(row).step.round,
    }),
    actorName: t.exposeString("actorName", {
      nullable: true,
      description: "Who did it, by the name they had; null where no person did.",
    }),
    actorRole: t.field({
      type: RoleEnum,
      nullable: true,
      select: { entry: true },
      description: "The role that they had then.",
      resolve: (row) => contentOf(row).actor?.role ?? null,
    }),
    channel: t.expose("channel", { type: ChannelEnum, nullable: true, description: "How they did it." }),
    topK: t.int({
      nullable: true,
      select: { entry: true },
      description: "K; null where nothing advances.",
      resolve: (row) => contentOf(row).topK,
    }),
    confidence: t.float({
      nullable: true,
      select: { entry: true },
      description: "How sure the cut was, 0 to 1; null where no ranking was looked at.",
      resolve: (row) => contentOf(row).confidence,
    }),
    comment: t.string({
      nullable: true,
      select: { entry: true },
      description: "What was said.",
      resolve: (row) => contentOf(row).comment,
    }),
    overrideReason: t.string({
      nullable: true,
      select: { entry: true },
      description: "Why votes or confidence that the policy asks for were not waited for.",
      resolve: (row) => contentOf(row).overrideReason,
    }),
    rejectedCandidate: t.field({
      type: RejectedCandidateType,
      nullable: true,
      select: { entry: true },
      description: "The candidate that was taken out, or in again; null where the entry tells of something else.",
      resolve: (row) => contentOf(row).candidate ?? null,
    }),
    importedCandidates: t.field({
      type: [ImportedCandidateType],
      nullable: true,
      select: { entry: true },
      description: "The candidates that came from elsewhere; null where the entry tells of something else.",
      resolve: (row) => contentOf(row).imported ?? null,
    }),
    budgetChange: t.field({
      type: BudgetChangeType,
      nullable: true,
      select: { entry: true },
      description:
        "The run's budget before and after; null where the entry tells of something else. The entry's step is the one at which the run was.",
      resolve: (row) => contentOf(row).budget ?? null,
    }),
    waitedSeconds: t.float({
      nullable: true,
      select: { entry: true },
      description: "How long the request had waited; null where nobody had been asked.",
      resolve: (row) => contentOf(row).waitedSeconds,
    }),
    entry: t.exposeString("entry", {
      description: "The entry as the text that was hashed: JSON with its keys in order, and with what was shown.",
    }),
    hash: t.exposeString("hash", {
      description: "SHA-256, in hex, of `previousHash`, a line feed, and `entry`.",
    }),
    previousHash: t.exposeString("previousHash", {
      description: "The hash of the entry before; 64 zeros for the first.",
    }),
  }),
});

const AuditHeadType = builder.objectRef<AuditHead>("AuditHead").implement({
  description: "The end of the audit chain. Kept elsewhere, it shows later that nothing up to it is gone.",
  fields: (t) => ({
    number: t.int({ description: "Place of the last entry.", resolve: ({ id }) => id }),
    hash: t.exposeString("hash", { description: "Its hash, in hex." }),
    text: t.string({
      description: "Both as one text, such as `12:9f86…`: what `verifyAudit` takes as `expectedHead`.",
      resolve: ({ id, hash }) => `${id}:${hash}`,
    }),
  }),
});

const AuditProblemKindEnum = builder.enumType("AuditProblemKind", {
  description: "What is wrong with an audit chain.",
  values: {
    CHANGED: { description: "An entry is not as it was written." },
    MISSING: { description: "An entry is not there any more." },
    MOVED: { description: "An entry stands at another place than it was written at." },
  } as const,
});

const AuditProblemType = builder.objectRef<AuditProblem>("AuditProblem").implement({
  description: "The first thing that is wrong with an audit chain.",
  fields: (t) => ({
    kind: t.expose("kind", { type: AuditProblemKindEnum, description: "What is wrong." }),
    number: t.int({ description: "The place at which it shows.", resolve: ({ id }) => id }),
    message: t.exposeString("message", { description: "The same as a sentence for people." }),
  }),
});

const AuditVerdictType = builder.objectRef<AuditVerdict>("AuditVerdict").implement({
  description: "Whether the audit chain is as it was written.",
  fields: (t) => ({
    whole: t.exposeBoolean("whole", { description: "Nothing was changed, taken out or moved." }),
    entries: t.exposeInt("entries", { description: "How many entries are in order, from the first." }),
    head: t.expose("head", {
      type: AuditHeadType,
      nullable: true,
      description: "The last of those; null where there is none.",
    }),
    problem: t.expose("problem", {
      type: AuditProblemType,
      nullable: true,
      description: "What is wrong; null when it is whole.",
    }),
  }),
});

builder.queryField("auditEntries", (t) =>
  t.prismaConnection(
    {
      authScopes: { VIEW: true },
      type: AuditEntryNode,
      cursor: "id",
      args: { runId: t.arg.id({ description: "Only those of this run." }) },
      description: "What was decided, over all runs or in one, the newest first.",
      totalCount: (_root, { runId }, { prisma }) => prisma.auditEntry.count({ where: ofRun(runId) }),
      resolve: (query, _root, { runId }, { prisma }) =>
        prisma.auditEntry.findMany({ ...query, where: ofRun(runId), orderBy: { id: "desc" } }),
    },
    { name: "AuditEntryConnection", description: "A page of audit entries." },
    { name: "AuditEntryEdge", description: "One of a list of audit entries." },
  ),
);

function ofRun(runId: string | null | undefined): { runId?: number } {
  return runId === null || runId === undefined ? {} : { runId: databaseId("Run", runId) };
}

builder.queryField("auditHead", (t) =>
  t.field({
    authScopes: { VIEW: true },
    type: AuditHeadType,
    nullable: true,
    description: "The end of the audit chain as it is now; null while nothing was decided.",
    resolve: (_root, _args, { engine }) => auditHead(engine),
  }),
);

builder.queryField("verifyAudit", (t) =>
  t.field({
    // It reads the whole chain.
    authScopes: { DECIDE: true },
    type: AuditVerdictType,
    args: {
      expectedHead: t.arg.string({
        description:
          "An end that the chain had once, as `AuditHead.text`: without it, entries that were cut off the end do not show.",
      }),
    },
    description: "Walks the whole audit chain and says whether it is as it was written.",
    resolve: (_root, { expectedHead }, { engine }) => {
      const head = expectedHead ? parseAuditHead(expectedHead) : undefined;
      if (head === null) {
        throw new GraphQLError("The expected head is to be a place and a hash, as `AuditHead.text` gives it.", {
          extensions: { code: "BAD_INPUT" },
        });
      }
      return verifyAudit(engine, { expectedHead: head });
    },
  }),
);
