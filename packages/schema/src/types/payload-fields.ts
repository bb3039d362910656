import type { BuilderTypes } from "../builder.ts";
import { CandidateNode } from "./candidate.ts";
import { RunNode } from "./run.ts";
import { RunStepNode } from "./run-step.ts";

// What the payloads of several mutations have in common. Everything is read after the commit.

/** Builds the fields of a payload. */
export type PayloadBuilder<Shape> = PothosSchemaTypes.ObjectFieldBuilder<
  PothosSchemaTypes.ExtendDefaultTypes<BuilderTypes>,
  Shape
>;

export const runField = <Shape extends { runId: number }>(t: PayloadBuilder<Shape>) =>
  t.prismaField({
    type: RunNode,
    description: "The run, read after the change.",
    resolve: (query, { runId }, _args, { prisma }) =>
      prisma.pipelineRun.findUniqueOrThrow({ ...query, where: { id: runId } }),
  });

export const runStepField = <Shape extends { runStepId: number }>(t: PayloadBuilder<Shape>) =>
  t.prismaField({
    type: RunStepNode,
    description: "The step, read after the change.",
    resolve: (query, { runStepId }, _args, { prisma }) =>
      prisma.pipelineRunStep.findUniqueOrThrow({ ...query, where: { id: runStepId } }),
  });

export const candidateField = <Shape>(
  t: PayloadBuilder<Shape>,
  description: string,
  idOf: (payload: Shape) => number,
) =>
  t.prismaField({
    type: CandidateNode,
    description,
    resolve: (query, payload, _args, { prisma }) =>
      prisma.candidate.findUniqueOrThrow({ ...query, where: { id: idOf(payload as Shape) } }),
  });

export const cursorField = <Shape extends { eventSeq: number }>(t: PayloadBuilder<Shape>) =>
  t.string({
    description: "Cursor of the last event of this: a stream that has come to it shows all of it.",
    resolve: ({ eventSeq }) => String(eventSeq),
  });
