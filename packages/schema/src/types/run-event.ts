import { type EventBatch, followRunLog, type LoggedEvent } from "@sluice/engine";
import { GraphQLError } from "graphql";
import { builder } from "../builder.ts";
import { delivers } from "../delivery.ts";
import { actorThen } from "../loaders/actor-then.ts";
import { rowById } from "../loaders/rows.ts";
import { databaseId, encodeNodeId } from "../node-id.ts";
import { ActorType } from "./actor.ts";
import { AlertNode } from "./alert.ts";
import { ApprovalNode } from "./approval.ts";
import { CandidateNode } from "./candidate.ts";
import { eventCursor } from "./event-cursor.ts";
import { JobNode } from "./job.ts";
import { DeliveryChannelEnum } from "./notification-enums.ts";
import { RunNode } from "./run.ts";
import { RunStepNode } from "./run-step.ts";

const RunEventInterface = builder.interfaceRef<LoggedEvent>("RunEvent").implement({
  description:
    "Something that happened to a run. Concrete types carry the objects that changed, as they are when the event is sent.",
  resolveType: ({ type }) => typeOf(type),
  fields: (t) => ({
    id: t.id({ description: "Unique over all runs.", resolve: ({ id }) => id }),
    seq: t.exposeInt("seq", { description: "Its number in the run, from 1, without gaps." }),
    type: t.exposeString("type", { description: "What happened, such as `candidate_created` or `approval_granted`." }),
    at: t.expose("at", { type: "DateTime", description: "When it was written." }),
    actor: t.prismaField({
      type: ActorType,
      nullable: true,
      description:
        "Who did it, as they are now but by the name of then; null when it happened by itself, or nobody is known by that name.",
      resolve: (query, event, _args, context, info) =>
        actorThen(context, info.fieldNodes[0] as object, event, (ids) =>
          context.prisma.actor.findMany({ ...query, where: { id: { in: ids } } }),
        ),
    }),
  }),
});

const RunStepEventInterface = builder.interfaceRef<LoggedEvent>("RunStepEvent").implement({
  description: "An event that is about one step.",
  interfaces: [RunEventInterface],
  fields: (t) => ({
    step: t.prismaField({
      type: RunStepNode,
      description: "The step, as it is now.",
      resolve: (query, event, _args, context, info) =>
        present(
          rowById(context, info.fieldNodes[0] as object, idOf(event, "runStepId"), (ids) =>
            context.prisma.pipelineRunStep.findMany({ ...query, where: { id: { in: ids } } }),
          ),
        ),
    }),
  }),
});

/** Which concrete type shows an event. */
function typeOf(type: LoggedEvent["type"]): string {
  if (type.startsWith("run_")) return "RunChangedEvent";
  if (type.startsWith("candidate_")) return "CandidateEvent";
  if (type.startsWith("vote_")) return "VoteEvent";
  if (type.startsWith("approval_")) return "ApprovalEvent";
  if (type.startsWith("alert_")) return "AlertEvent";
  if (type.startsWith("job_")) return "JobEvent";
  if (type.startsWith("delivery_")) return "DeliveryEvent";
  if (type === "step_sent_back") return "StepSentBackEvent";
  return "StepChangedEvent";
}

const idOf = (event: LoggedEvent, key: string): number => Number(event.data[key] ?? 0);

builder.objectRef<LoggedEvent>("RunChangedEvent").implement({
  description: "The run itself changed: `run_created`, `run_forked`, `run_budget_set`, `run_status_changed`.",
  interfaces: [RunEventInterface],
  fields: (t) => ({
    run: t.prismaField({
      type: RunNode,
      description: "The run, as it is now.",
      resolve: (query, event, _args, context, info) =>
        present(
          rowById(context, info.fieldNodes[0] as object, event.runId, (ids) =>
            context.prisma.pipelineRun.findMany({ ...query, where: { id: { in: ids } } }),
          ),
        ),
    }),
  }),
});

builder.objectRef<LoggedEvent>("StepChangedEvent").implement({
  description: "A step changed: its status, its gate, or how many jobs it has.",
  interfaces: [RunEventInterface, RunStepEventInterface],
  fields: (_t) => ({}),
});

builder.objectRef<LoggedEvent>("StepSentBackEvent").implement({
  description: "A gate was kept closed, and the steps from `toStep` to `step` begin a new round: `step_sent_back`.",
  interfaces: [RunEventInterface, RunStepEventInterface],
  fields: (t) => ({
    toStep: t.prismaField({
      type: RunStepNode,
      description: "The step that makes its candidates anew, as it is now.",
      resolve: (query, event, _args, context, info) =>
        present(
          rowById(context, info.fieldNodes[0] as object, idOf(event, "toRunStepId"), (ids) =>
            context.prisma.pipelineRunStep.findMany({ ...query, where: { id: { in: ids } } }),
          ),
        ),
    }),
    round: t.int({
      description: "The round of the step that ended, from 1.",
      resolve: ({ data }) => Number(data.round),
    }),
    comment: t.string({
      description: "What should be different.",
      resolve: ({ data }) => String(data.comment),
    }),
    approval: t.prismaField({
      type: ApprovalNode,
      description: "The decision, as it is now.",
      resolve: (query, event, _args, context, info) =>
        present(
          rowById(context, info.fieldNodes[0] as object, idOf(event, "approvalId"), (ids) =>
            context.prisma.approval.findMany({ ...query, where: { id: { in: ids } } }),
          ),
        ),
    }),
  }),
});

builder.objectRef<LoggedEvent>("JobEvent").implement({
  description: "The making of one candidate moved: `job_started`, `job_progressed`, `job_failed`.",
  interfaces: [RunEventInterface, RunStepEventInterface],
  fields: (t) => ({
    jobId: t.id({
      description: "Id of the Job, which need not be read to show how far it is.",
      resolve: (event) => encodeNodeId("Job", idOf(event, "jobId")),
    }),
    job: t.prismaField({
      type: JobNode,
      description: "The job, as it is now: one statement reads those of all events that are sent together.",
      resolve: (query, event, _args, context, info) =>
        present(
          rowById(context, info.fieldNodes[0] as object, idOf(event, "jobId"), (ids) =>
            context.prisma.job.findMany({ ...query, where: { id: { in: ids } } }),
          ),
        ),
    }),
    progress: t.float({
      nullable: true,
      description: "Share that is done, 0 to 1, where it is told.",
      resolve: ({ data }) => (typeof data.progress === "number" ? data.progress : null),
    }),
    message: t.string({
      nullable: true,
      description: "What it does, or what went wrong.",
      resolve: ({ data }) => (data.message ?? data.error ?? null) as string | null,
    }),
  }),
});

builder.objectRef<LoggedEvent>("DeliveryEvent").implement({
  description: "A message about the run could not be delivered and was given up: `delivery_failed`.",
  interfaces: [RunEventInterface],
  fields: (t) => ({
    deliveryId: t.id({
      description: "The Delivery, which owners may see until it is deleted, some time after it ended.",
      resolve: (event) => encodeNodeId("Delivery", idOf(event, "deliveryId")),
    }),
    channel: t.field({
      type: DeliveryChannelEnum,
      description: "How it was to go out.",
      resolve: ({ data }) => data.channel as "WEBHOOK" | "EMAIL",
    }),
    message: t.string({ description: "What went wrong, as a sentence.", resolve: ({ data }) => String(data.error) }),
  }),
});

builder.objectRef<LoggedEvent>("CandidateEvent").implement({
  description:
    "A candidate came, was taken out or taken in again: `candidate_created`, `candidate_rejected`, `candidate_restored`.",
  interfaces: [RunEventInterface, RunStepEventInterface],
  fields: (t) => ({
    candidate: t.prismaField({
      type: CandidateNode,
      description: "The candidate, as it is now.",
      resolve: (query, event, _args, context, info) =>
        present(
          rowById(context, info.fieldNodes[0] as object, idOf(event, "candidateId"), (ids) =>
            context.prisma.candidate.findMany({ ...query, where: { id: { in: ids } } }),
          ),
        ),
    }),
  }),
});

builder.objectRef<LoggedEvent>("VoteEvent").implement({
  description: "A comparison was recorded or taken back, and the step rated anew: `vote_cast`, `vote_undone`.",
  interfaces: [RunEventInterface, RunStepEventInterface],
  fields: (t) => ({
    left: t.prismaField({
      type: CandidateNode,
      description: "The one that was shown on the left, as it is rated now.",
      resolve: (query, event, _args, context, info) =>
        present(
          rowById(context, info.fieldNodes[0] as object, idOf(event, "leftId"), (ids) =>
            context.prisma.candidate.findMany({ ...query, where: { id: { in: ids } } }),
          ),
        ),
    }),
    right: t.prismaField({
      type: CandidateNode,
      description: "The one on the right.",
      resolve: (query, event, _args, context, info) =>
        present(
          rowById(context, info.fieldNodes[0] as object, idOf(event, "rightId"), (ids) =>
            context.prisma.candidate.findMany({ ...query, where: { id: { in: ids } } }),
          ),
        ),
    }),
  }),
});

builder.objectRef<LoggedEvent>("ApprovalEvent").implement({
  description:
    "A gate decision was asked for, made or withdrawn: `approval_requested`, `approval_granted`, `approval_rejected`, `approval_cancelled`, `approval_signed_off`, `approval_sign_off_withdrawn`.",
  interfaces: [RunEventInterface, RunStepEventInterface],
  fields: (t) => ({
    approval: t.prismaField({
      type: ApprovalNode,
      description: "The approval, as it is now.",
      resolve: (query, event, _args, context, info) =>
        present(
          rowById(context, info.fieldNodes[0] as object, idOf(event, "approvalId"), (ids) =>
            context.prisma.approval.findMany({ ...query, where: { id: { in: ids } } }),
          ),
        ),
    }),
  }),
});

builder.objectRef<LoggedEvent>("AlertEvent").implement({
  description:
    "An alert changed: `alert_raised`, `alert_reminded`, `alert_acknowledged`, `alert_snoozed`, `alert_escalated`, `alert_resolved`.",
  interfaces: [RunEventInterface],
  fields: (t) => ({
    alert: t.prismaField({
      type: AlertNode,
      description: "The alert, as it is now.",
      resolve: (query, event, _args, context, info) =>
        present(
          rowById(context, info.fieldNodes[0] as object, idOf(event, "alertId"), (ids) =>
            context.prisma.alert.findMany({ ...query, where: { id: { in: ids } } }),
          ),
        ),
    }),
  }),
});

/** Rows that events name are deleted with their run alone, and its events with it. */
async function present<Row>(row: Promise<Row | null>): Promise<Row> {
  const found = await row;
  if (found === null) throw new Error("What an event names is gone.");
  return found;
}

export const RunEventBatchType = builder.objectRef<EventBatch>("RunEventBatch").implement({
  description: "Events of one run, oldest first.",
  fields: (t) => ({
    events: t.field({
      type: [RunEventInterface],
      description: "None is left out between the cursors.",
      resolve: ({ events }) => [...events],
    }),
    cursor: t.string({
      description: "Give it as `after` to go on behind these.",
      resolve: ({ cursor }) => String(cursor),
    }),
    hasMore: t.exposeBoolean("hasMore", { description: "More events are there already." }),
  }),
});

builder.subscriptionField("runEvents", (t) =>
  t.field({
    authScopes: { VIEW: true },
    type: RunEventBatchType,
    args: {
      runId: t.arg.id({ required: true, description: "The run." }),
      after: t.arg.string({ description: "Cursor of the last event one has; all from the first when left out." }),
    },
    description: "Every change of one run, in order, none lost: what came after the cursor, then what follows.",
    extensions: delivers("log"),
    subscribe: async (_root, { runId, after }, { engine, prisma }) => {
      const id = databaseId("Run", runId);
      const run = await prisma.pipelineRun.findUnique({ where: { id }, select: { eventSeq: true } });
      if (!run) throw new GraphQLError("There is no such run.", { extensions: { code: "NOT_FOUND" } });
      const cursor = eventCursor(after);
      if (cursor > run.eventSeq) {
        throw new GraphQLError("This cursor is ahead of the run's last event: it belongs to another run.", {
          extensions: { code: "BAD_CURSOR" },
        });
      }
      return followRunLog(engine, id, cursor);
    },
    resolve: (batch) => batch,
  }),
);
