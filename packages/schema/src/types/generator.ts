import { queryable } from "@sluice/engine";
import { builder } from "../builder.ts";
import type { CheckedHealth, GeneratorSetup, SchemaContext } from "../context.ts";
import { batched } from "../loaders/batched.ts";

const MediaEnum = builder.enumType("GeneratorMedia", {
  description: "What a generator makes.",
  values: { IMAGE: { description: "Pictures." }, TEXT: { description: "Texts." } } as const,
});

const GeneratorHealthType = builder.objectRef<CheckedHealth>("GeneratorHealth").implement({
  description: "What a look at a generator found, from where this server runs.",
  fields: (t) => ({
    ok: t.exposeBoolean("ok", { description: "What it needs is there." }),
    detail: t.exposeString("detail", {
      description: "What is there, or what is missing and what to do, in a sentence.",
    }),
    version: t.string({
      nullable: true,
      description: "Of the service behind it; null where it does not say.",
      resolve: ({ version }) => version ?? null,
    }),
    checkedAt: t.expose("checkedAt", { type: "DateTime", description: "When it was looked at." }),
  }),
});

const GeneratorType = builder.objectRef<GeneratorSetup>("Generator").implement({
  description: "What makes candidates, as the operator's file declares it; `cppn` and `grammar` are built in.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "What a pipeline's step calls it." }),
    kind: t.exposeString("kind", { description: "What it is, such as `comfyui`, `ai` or `command`." }),
    media: t.field({
      type: MediaEnum,
      description: "What it makes.",
      resolve: ({ media }) => (media === "image" ? "IMAGE" : "TEXT"),
    }),
    concurrency: t.exposeInt("concurrency", {
      nullable: true,
      description: "Its jobs that may run at once, over all workers; null for as many as the workers take.",
    }),
    claimed: t.boolean({
      description: "Programs of the operator's claim its jobs over the API (`claimJob`), and no worker does them.",
      resolve: ({ runs }) => runs === "elsewhere",
    }),
    running: t.int({
      description: "Its jobs that run now, of all runs.",
      resolve: async ({ name }, _args, context) => (await jobsNow(context, name)).running,
    }),
    queued: t.int({
      description: "Its jobs that wait, of all runs.",
      resolve: async ({ name }, _args, context) => (await jobsNow(context, name)).queued,
    }),
    health: t.field({
      type: GeneratorHealthType,
      description:
        "Whether what it needs is there: its server, its key, its model. Looked at every 15 seconds at the most.",
      resolve: ({ name }, _args, { setup }) => setup.checkGenerator(name),
    }),
  }),
});

interface JobsNow {
  readonly name: string;
  readonly running: number;
  readonly queued: number;
}

const JOBS_NOW = {};

async function jobsNow(context: SchemaContext, name: string): Promise<JobsNow> {
  const now = await batched(context, JOBS_NOW, name, async (names: readonly string[]) => {
    const rows = await queryable(context.engine.pool).many<JobsNow>(
      `SELECT wanted.name, (SELECT count(*)::int FROM jobs WHERE generator = wanted.name AND status = 'RUNNING') AS running,
         (SELECT count(*)::int FROM jobs WHERE generator = wanted.name AND status = 'QUEUED') AS queued
       FROM unnest($1::text[]) AS wanted(name)`,
      [names],
    );
    return new Map(rows.map((row) => [row.name, row]));
  });
  return now ?? { name, running: 0, queued: 0 };
}

builder.queryField("generators", (t) =>
  t.field({
    authScopes: { VIEW: true },
    type: [GeneratorType],
    description: "The generators that this server knows, the built-in ones first.",
    resolve: (_root, _args, { setup }) => [...setup.generators()],
  }),
);
