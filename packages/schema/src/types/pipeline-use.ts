import { declaredInFiles, queryable } from "@sluice/engine";
import { builder } from "../builder.ts";
import type { SchemaContext } from "../context.ts";
import { batched } from "../loaders/batched.ts";
import { PipelineNode } from "./pipeline.ts";
import { RunNode } from "./run.ts";

/** More of them than anybody looks through. */
const MAX_VERSIONS = 50;

builder.prismaObjectFields(PipelineNode, (t) => ({
  createdAt: t.expose("createdAt", { type: "DateTime", description: "When this version was applied." }),
  fromOperatorFile: t.boolean({
    description:
      "The operator's file declares it, that of this server or of another one on the same database: it is changed there, and not over the API.",
    resolve: async ({ name }, _args, context) =>
      context.setup.operatorFile()?.pipelines.includes(name) || ((await isDeclared(context, name)) ?? false),
  }),
  runCount: t.int({
    description: "How many runs there are of it, of all its versions together.",
    resolve: async ({ name }, _args, context) => (await useOf(context, name)).count,
  }),
  lastRun: t.prismaField({
    type: RunNode,
    nullable: true,
    description: "The newest of these runs; null while there is none.",
    resolve: async (query, { name }, _args, context) => {
      const { lastRunId } = await useOf(context, name);
      return lastRunId === null ? null : context.prisma.pipelineRun.findUnique({ ...query, where: { id: lastRunId } });
    },
  }),
  versions: t.prismaField({
    type: [PipelineNode],
    description: `Its versions, this one included, the newest first; ${MAX_VERSIONS} at most.`,
    resolve: (query, { name }, _args, { prisma }) =>
      prisma.pipeline.findMany({ ...query, where: { name }, orderBy: { version: "desc" }, take: MAX_VERSIONS }),
  }),
}));

const DECLARED = {};

function isDeclared(context: SchemaContext, name: string): Promise<boolean | undefined> {
  return batched(context, DECLARED, name, async (names: readonly string[]) => {
    const declared = await declaredInFiles(queryable(context.engine.pool));
    return new Map(names.map((each) => [each, declared.has(each)]));
  });
}

interface PipelineUse {
  readonly name: string;
  readonly count: number;
  readonly lastRunId: number | null;
}

const USE = {};

async function useOf(context: SchemaContext, name: string): Promise<PipelineUse> {
  const use = await batched(context, USE, name, async (names: readonly string[]) => {
    const rows = await queryable(context.engine.pool).many<PipelineUse>(
      `SELECT p.name, count(r.id)::int AS count, max(r.id) AS "lastRunId"
       FROM pipelines p LEFT JOIN pipeline_runs r ON r.pipeline_id = p.id WHERE p.name = ANY($1) GROUP BY p.name`,
      [names],
    );
    return new Map(rows.map((row) => [row.name, row]));
  });
  return use ?? { name, count: 0, lastRunId: null };
}
