import { type DecisionTimes, decisionTimes, type WaitingTimes } from "@sluice/engine";
import { builder } from "../builder.ts";
import { searchedName } from "../searched-name.ts";
import { ChannelEnum } from "./enums.ts";

const WaitingTimesInterface = builder.interfaceRef<WaitingTimes>("WaitingTimes").implement({
  description: "How long gates waited until they were decided.",
  fields: (t) => ({
    count: t.exposeInt("count", { description: "How many decisions these are." }),
    medianSeconds: t.exposeFloat("medianSeconds", { description: "Half of them were made within this." }),
    p90Seconds: t.exposeFloat("p90Seconds", { description: "Nine of ten were made within this." }),
    longestSeconds: t.exposeFloat("longestSeconds", { description: "All of them were made within this." }),
  }),
});

const StepTimes = builder.objectRef<DecisionTimes["byPipelineStep"][number]>("PipelineStepTimes").implement({
  description: "How long the gates of one step of a pipeline waited.",
  interfaces: [WaitingTimesInterface],
  fields: (t) => ({
    pipeline: t.exposeString("pipeline", { description: "The pipeline's name; all of its versions together." }),
    position: t.exposeInt("position", { description: "The step's place, from 1." }),
    step: t.exposeString("step", { description: "The step's name." }),
  }),
});

const PersonTimes = builder.objectRef<DecisionTimes["byPerson"][number]>("PersonTimes").implement({
  description: "How long the gates that one person decided had waited.",
  interfaces: [WaitingTimesInterface],
  fields: (t) => ({ name: t.exposeString("name", { description: "The person's name." }) }),
});

const ChannelTimes = builder.objectRef<DecisionTimes["byChannel"][number]>("ChannelTimes").implement({
  description: "How long the gates that were decided in one way had waited.",
  interfaces: [WaitingTimesInterface],
  fields: (t) => ({
    channel: t.field({
      type: ChannelEnum,
      description: "The way.",
      resolve: ({ channel }) => channel as typeof ChannelEnum.$inferType,
    }),
  }),
});

const DayTimes = builder.objectRef<DecisionTimes["byDay"][number]>("DayTimes").implement({
  description: "How long the gates that were decided on one day had waited.",
  fields: (t) => ({
    day: t.field({ type: "DateTime", description: "When the day begins, in UTC.", resolve: ({ day }) => day }),
    decisions: t.exposeInt("decisions", { description: "How many were decided." }),
    medianSeconds: t.exposeFloat("medianSeconds", { description: "Half of them had waited no longer than this." }),
  }),
});

const DecisionTimesType = builder.objectRef<DecisionTimes>("DecisionTimes").implement({
  description:
    "How long gates wait for people. Gates that were decided before anybody had been asked, and those that opened by a policy, do not count but in `byChannel`.",
  fields: (t) => ({
    count: t.exposeInt("count", { description: "How many decisions these are." }),
    medianSeconds: t.exposeFloat("medianSeconds", {
      nullable: true,
      description: "Half of them were made within this; null where there is none.",
    }),
    p90Seconds: t.exposeFloat("p90Seconds", {
      nullable: true,
      description: "Nine of ten were made within this; null where there is none.",
    }),
    longestSeconds: t.exposeFloat("longestSeconds", {
      nullable: true,
      description: "All of them were made within this; null where there is none.",
    }),
    byPipelineStep: t.expose("byPipelineStep", {
      type: [StepTimes],
      description: "The same per step of each pipeline, the slowest first; 200 at most.",
    }),
    byPerson: t.expose("byPerson", {
      type: [PersonTimes],
      description: "The same per person, who decided most first; 100 at most.",
    }),
    byChannel: t.expose("byChannel", {
      type: [ChannelTimes],
      description: "The same per way of deciding, automatic policies included.",
    }),
    byDay: t.field({
      type: [DayTimes],
      description: "The same per day, the oldest first: only days with a decision, the newest 366 of them.",
      resolve: ({ byDay }) => [...byDay],
    }),
    stillWaiting: t.exposeInt("stillWaiting", { description: "Gates that wait now." }),
    longestWaitingSeconds: t.exposeFloat("longestWaitingSeconds", {
      nullable: true,
      description: "How long the first of them has waited; null when none waits.",
    }),
  }),
});

builder.queryField("decisionTimes", (t) =>
  t.field({
    authScopes: { VIEW: true },
    type: DecisionTimesType,
    args: {
      since: t.arg({ type: "DateTime", description: "Only what was decided since then; everything when left out." }),
      pipeline: t.arg.string({ description: "Only the pipeline with this name, of any version." }),
    },
    description: "How long gates wait for people.",
    resolve: (_root, { since, pipeline }, { engine }) =>
      decisionTimes(engine, { since: since ?? null, pipeline: searchedName(pipeline) }),
  }),
);
