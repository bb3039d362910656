import { queryable } from "@sluice/engine";
import { builder } from "../builder.ts";
import type { SchemaContext } from "../context.ts";
import { batched } from "../loaders/batched.ts";
import { listedCandidates } from "../loaders/listed-candidates.ts";
import { rowsById } from "../loaders/rows.ts";
import { CandidateConnection, CandidateNode } from "./candidate.ts";
import { AdvancementEnum, CandidateOrderEnum, CandidateStatusEnum } from "./enums.ts";
import { RunNode } from "./run.ts";

/** As many as a picture of a family can show, and more than a person can look at. */
export const LINEAGE_LIMIT = 5_000;

const CandidateFilterInput = builder.inputType("CandidateFilter", {
  description: "Which candidates: those of which all that is named here holds. An empty list finds none.",
  fields: (t) => ({
    stepIds: t.idList({ description: "Made in one of these RunSteps." }),
    round: t.int({ description: "Made in this round of their step, from 1." }),
    advancement: t.field({ type: [AdvancementEnum], description: "In one of these." }),
    status: t.field({ type: [CandidateStatusEnum], description: "In one of these; in any when left out." }),
    parentId: t.id({ description: "Made from this candidate." }),
    generators: t.stringList({ description: "Made by a generator of one of these names." }),
    models: t.stringList({ description: "Made with one of these models." }),
    imported: t.boolean({ description: "True for those that were made elsewhere, false for all others." }),
    search: t.string({
      description:
        'Words, in any case, that their text, their source or their model has in it; or exactly their seed, or their place in the family, such as "2.1.3".',
    }),
    ids: t.idList({ description: "Among these." }),
  }),
});

const USED = {};

/** Names of what has made a run's candidates, by run. */
async function used(
  context: SchemaContext,
  runId: number,
): Promise<{ readonly generators: string[]; readonly models: string[] }> {
  const names = await batched(context, USED, runId, async (ids) => {
    const rows = await queryable(context.engine.pool).many<{ runId: number; generators: string[]; models: string[] }>(
      `SELECT pipeline_run_id AS "runId",
         coalesce(array_agg(DISTINCT generator) FILTER (WHERE generator IS NOT NULL), '{}') AS generators,
         coalesce(array_agg(DISTINCT model) FILTER (WHERE model IS NOT NULL), '{}') AS models
       FROM candidates WHERE pipeline_run_id = ANY($1) GROUP BY 1`,
      [ids],
    );
    return new Map(rows.map((row) => [row.runId, row]));
  });
  return names ?? { generators: [], models: [] };
}

/** Ids by run, in the order of steps and then of arrival, which puts parents before their children. */
async function lineageIds(context: SchemaContext, runIds: readonly number[]): Promise<Map<number, number[]>> {
  const rows = await queryable(context.engine.pool).many<{ runId: number; ids: number[] }>(
    `SELECT run.id AS "runId", ARRAY(
       SELECT c.id FROM candidates c JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id
       WHERE c.pipeline_run_id = run.id ORDER BY rs.position, c.id LIMIT $2) AS ids
     FROM unnest($1::int[]) AS run(id)`,
    [runIds, LINEAGE_LIMIT],
  );
  return new Map(rows.map(({ runId, ids }) => [runId, ids]));
}

builder.prismaObjectFields(RunNode, (t) => ({
  candidates: t.field({
    type: CandidateConnection,
    select: { id: true },
    description:
      "Its candidates, of all steps and rounds, rejected ones included. Pages of an order that votes change go on behind the values that their cursor was given with.",
    args: {
      first: t.arg.int({ description: "How many: 20 by default, 100 at most." }),
      after: t.arg.string({ description: "Only what follows this cursor, which a list in the same order gave." }),
      filter: t.arg({ type: CandidateFilterInput, description: "Which; all when left out." }),
      order: t.arg({ type: CandidateOrderEnum, defaultValue: "OLDEST", description: "Which come first." }),
    },
    resolve: ({ id }, args, context, info) => listedCandidates(context, info, { column: "pipeline_run_id", id }, args),
  }),
  generatorsUsed: t.stringList({
    select: { id: true },
    description: "Names of the generators that have made its candidates, in the order of the alphabet.",
    resolve: async ({ id }, _args, context) => (await used(context, id)).generators,
  }),
  modelsUsed: t.stringList({
    select: { id: true },
    description: "The models that its candidates were made with, in the order of the alphabet.",
    resolve: async ({ id }, _args, context) => (await used(context, id)).models,
  }),
  lineage: t.prismaField({
    type: [CandidateNode],
    select: { id: true },
    description: `Every candidate of all its steps and rounds, by step and then by arrival, so that parents come before their children: the first ${LINEAGE_LIMIT.toLocaleString("en")}.`,
    resolve: async (query, run, _args, context, info) => {
      const field = info.fieldNodes[0] as object;
      const ids = await batched(context, field, run.id, (runIds) => lineageIds(context, runIds));
      return await rowsById(context, field, ids ?? [], (all) =>
        context.prisma.candidate.findMany({ ...query, where: { id: { in: all } } }),
      );
    },
  }),
}));

builder.prismaObjectFields(CandidateNode, (t) => ({
  children: t.field({
    type: CandidateConnection,
    select: { id: true },
    description: "What was made from it, the oldest first, rejected ones and those of earlier rounds included.",
    args: {
      first: t.arg.int({ description: "How many: 20 by default, 100 at most." }),
      after: t.arg.string({ description: "Only what follows this cursor." }),
    },
    resolve: ({ id }, args, context, info) => listedCandidates(context, info, { column: "parent_id", id }, args),
  }),
  seed: t.float({
    nullable: true,
    select: { job: { select: { seed: true } } },
    description:
      "The unsigned 32-bit number that its generator was given; null where it was imported, or taken over by a fork.",
    resolve: ({ job }) => (job ? Number(job.seed) : null),
  }),
}));
