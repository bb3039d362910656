import { liveEach, nextWorkOf, type RunEventType, type RunStatus, readRunLog } from "@sluice/engine";
import { builder } from "../builder.ts";
import { delivers } from "../delivery.ts";
import { batched } from "../loaders/batched.ts";
import { rowsById } from "../loaders/rows.ts";
import { winnerIds } from "../loaders/winners.ts";
import { databaseId } from "../node-id.ts";
import { CandidateNode } from "./candidate.ts";
import { RunStatusEnum, WorkModeEnum } from "./enums.ts";
import { eventCursor } from "./event-cursor.ts";
import { RunEventBatchType } from "./run-event.ts";

const NextWorkType = builder
  .objectRef<{
    mode: "BASE_GENERATION" | "CHILD_GENERATION" | "WAITING_FOR_APPROVAL" | "NO_WORK";
    message: string;
    openSlots: number;
  }>("NextWork")
  .implement({
    description: 'What job selection does for a run now: the answer to "why is my run stuck?"',
    fields: (t) => ({
      mode: t.expose("mode", { type: WorkModeEnum, description: "What it does." }),
      message: t.exposeString("message", {
        description: 'The same as a sentence, such as "Run #12 waiting for Step 2 approval".',
      }),
      openSlots: t.exposeInt("openSlots", {
        description: "Candidates that are still to be made, jobs in flight included.",
      }),
    }),
  });

const RunBudgetType = builder
  .objectRef<{ maxJobs: number | null; attemptsStarted: number; maxCostUsd: number | null; costUsd: number }>(
    "RunBudget",
  )
  .implement({
    description:
      "What a run may spend, and what it has spent. At its limit it begins nothing more; what runs finishes.",
    fields: (t) => ({
      maxJobs: t.exposeInt("maxJobs", {
        nullable: true,
        description: "Attempts at jobs that it may start, failed ones included; null is no limit.",
      }),
      attemptsStarted: t.exposeInt("attemptsStarted", {
        description: "Attempts that it has started, but for those that the end of a worker cut off.",
      }),
      maxCostUsd: t.exposeFloat("maxCostUsd", {
        nullable: true,
        description: "US dollars that it may spend; null is no limit.",
      }),
      costUsd: t.exposeFloat("costUsd", {
        description: "US dollars that its generators say they have spent, on failed attempts too.",
      }),
    }),
  });

const NEXT_WORK = {};

export const RunNode = builder.prismaNode("PipelineRun", {
  name: "Run",
  id: { field: "id" },
  description: "One execution of a pipeline. Runs never affect each other.",
  fields: (t) => ({
    number: t.exposeInt("id", { description: 'Shown as "Run #12".' }),
    name: t.exposeString("name", { description: "The pipeline's name unless it was given another." }),
    status: t.expose("status", { type: RunStatusEnum, description: "Where it is." }),
    statusReason: t.exposeString("statusReason", {
      nullable: true,
      description: "Why it was aborted, rejected or failed, in words.",
    }),
    pipeline: t.relation("pipeline", { description: "The version of the pipeline that it began with." }),
    prompt: t.exposeString("prompt", { description: "What its candidates should show or say." }),
    variables: t.expose("variables", {
      type: "JSON",
      description: "What its generators are given besides, as an object.",
    }),
    maxChildrenPerNode: t.exposeInt("maxChildrenPerNode", { description: "N: candidates made per parent." }),
    defaultTopK: t.exposeInt("defaultTopK", {
      description: "K: candidates that advance where an approval names no other number.",
    }),
    steps: t.relation("steps", { query: { orderBy: { position: "asc" } }, description: "Its steps, by position." }),
    approvedSteps: t.relationCount("steps", {
      where: { status: "APPROVED" },
      description: "Steps whose gate is open.",
    }),
    totalSteps: t.relationCount("steps", { description: "All its steps." }),
    nextWork: t.field({
      type: NextWorkType,
      select: { id: true },
      description: "What happens next, and what it waits for.",
      resolve: async (run, _args, context) => {
        const work = await batched(context, NEXT_WORK, run.id, (ids) => nextWorkOf(context.engine, ids));
        return work ?? { mode: "NO_WORK" as const, message: `Run #${run.id} is gone`, openSlots: 0 };
      },
    }),
    eventCursor: t.string({
      select: { eventSeq: true },
      description:
        "Number of its last event: subscribe to `runEvents` after it to miss nothing that this answer does not show.",
      resolve: (run) => String(run.eventSeq),
    }),
    events: t.field({
      type: RunEventBatchType,
      select: { id: true },
      description: "Its events after a cursor, oldest first.",
      args: {
        after: t.arg.string({ description: "Cursor of the last event one has; all from the first when left out." }),
        first: t.arg.int({ description: "How many: 200 by default, 500 at most." }),
      },
      resolve: (run, { after, first }, { engine }) => readRunLog(engine, run.id, eventCursor(after), first ?? 200),
    }),
    winners: t.prismaField({
      type: [CandidateNode],
      select: { id: true },
      description: "What advanced through the last gate, best first; empty until the run is COMPLETED.",
      resolve: async (query, run, _args, context, info) => {
        const field = info.fieldNodes[0] as object;
        const ids = await batched(context, field, run.id, (runIds) => winnerIds(context, runIds));
        return await rowsById(context, field, ids ?? [], (all) =>
          context.prisma.candidate.findMany({ ...query, where: { id: { in: all } } }),
        );
      },
    }),
    budget: t.field({
      type: RunBudgetType,
      select: { maxJobs: true, attemptsStarted: true, maxCostUsd: true, costUsd: true },
      description: "What it may spend, and what it has spent.",
      resolve: (run) => run,
    }),
    alerts: t.relation("alerts", {
      query: { where: { resolvedAt: null }, orderBy: { raisedAt: "desc" } },
      description: "What needs attention now, newest first.",
    }),
    approvalTemplate: t.exposeString("approvalTemplate", {
      nullable: true,
      description: "Name of the approval template that it was created with.",
    }),
    endedBy: t.relation("endedBy", {
      nullable: true,
      description: "Who aborted it or rejected a step; null where nobody did.",
    }),
    createdBy: t.relation("createdBy", { nullable: true, description: "Who created it." }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was created." }),
    finishedAt: t.expose("finishedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it ended; null while it can go on.",
    }),
  }),
});

interface RunsFilter {
  readonly status?: RunStatus[] | null | undefined;
  readonly needsAttention?: boolean | null | undefined;
}

function runsWhere({ status, needsAttention }: RunsFilter) {
  const unattended = { resolvedAt: null, acknowledgedAt: null };
  return {
    ...(status && { status: { in: status } }),
    ...(typeof needsAttention === "boolean" && { alerts: { [needsAttention ? "some" : "none"]: unattended } }),
  };
}

builder.queryFields((t) => ({
  runs: t.prismaConnection(
    {
      authScopes: { VIEW: true },
      type: RunNode,
      cursor: "id",
      description: "Runs, newest first.",
      args: {
        status: t.arg({ type: [RunStatusEnum], description: "Only runs that are in one of these." }),
        needsAttention: t.arg.boolean({
          description:
            "Only runs with an alert that is not over and that nobody has acknowledged, however long ago it was raised. False: only those without. Left out: all.",
        }),
      },
      totalCount: (_root, filter, { prisma }) => prisma.pipelineRun.count({ where: runsWhere(filter) }),
      resolve: (query, _root, filter, { prisma }) =>
        prisma.pipelineRun.findMany({ ...query, where: runsWhere(filter), orderBy: { id: "desc" } }),
    },
    { name: "RunConnection", description: "A page of runs." },
    { name: "RunEdge", description: "One of a list of runs." },
  ),
  run: t.prismaField({
    authScopes: { VIEW: true },
    type: RunNode,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: "Its id." }) },
    description: "One run; null when there is none of that id.",
    resolve: (query, _root, { id }, { prisma }) =>
      prisma.pipelineRun.findUnique({ ...query, where: { id: databaseId("Run", id) } }),
  }),
}));

/** Events after which a run looks different in a list. */
const RUN_CHANGES: ReadonlySet<string> = new Set<RunEventType>([
  "run_created",
  "run_status_changed",
  "step_status_changed",
  "gate_opened",
  "alert_raised",
  "alert_resolved",
]);

builder.subscriptionField("runsChanged", (t) =>
  t.prismaField({
    authScopes: { VIEW: true },
    type: RunNode,
    description:
      "Every run whose status or steps changed, new ones included; the newest state when several changes came together.",
    extensions: delivers("each"),
    subscribe: (_root, _args, { engine }) =>
      liveEach(
        engine.tail,
        ({ type, runId }) => (RUN_CHANGES.has(type) ? [runId] : []),
        (runId) => Promise.resolve(runId),
      ),
    resolve: (query, runId, _args, { prisma }) =>
      prisma.pipelineRun.findUniqueOrThrow({ ...query, where: { id: runId as number } }),
  }),
);
