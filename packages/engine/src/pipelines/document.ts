import { z } from "zod";
import { MAX_N } from "../commands/run-input.ts";
import { parseDuration } from "./duration.ts";
import { isMapping, type Mapping } from "./is-mapping.ts";
import { didYouMean } from "./nearest-name.ts";
import { automaticKeys, policyKeys } from "./policy-keys.ts";

/** K is a maximum, so a large one means "all"; this bound only keeps it within the column. */
const MAX_K = 1_000_000;

/** A run has all its steps from the start, and every page of a run shows them all. */
export const MAX_STEPS = 50;
const MAX_PIPELINES = 100;
const MAX_AGENTS = 200;
const MAX_TEMPLATES = 50;

/** An object without any other key. The error for one names the key that was most likely meant. */
function fields<const Shape extends z.ZodRawShape>(what: string, shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return undefined;
      const key = issue.keys?.[0] ?? "";
      return `${what} has no key "${key}".${didYouMean(key, known) || ` It may have ${known.join(", ")}.`}`;
    },
  });
}

const name = z.string().trim().min(1).max(200);
const text = z.string().max(20_000).nullish();
const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) => z.enum(values).nullish();
const n = z.int().min(1).max(MAX_N).nullish();
const k = z.int({ error: "K must be a whole number." }).min(1, "K must be at least 1").max(MAX_K).nullish();

const stallAfter = z
  .union([z.string(), z.number()], { error: notADuration })
  .transform((value, context) => {
    const seconds = parseDuration(value);
    if (seconds !== undefined) return seconds;
    context.addIssue({ code: "custom", message: notADuration() });
    return z.NEVER;
  })
  .nullish();

function notADuration(): string {
  return '"stall_after" must be a span of time of at most a year, such as 30m, 4h or 2d, or a number of seconds.';
}

/** Anything that is a mapping; its generator checks what is in it. */
const config = z.record(z.string(), z.unknown()).nullish();

const policy = policyKeys(fields('"automatic"', automaticKeys));

const generating = {
  ...policy,
  gate: oneOf(["manual", "auto", "open"]),
  n,
  k,
  stall_after: stallAfter,
  failure_budget: z.int().min(0).max(1_000_000).nullish(),
};

const generateStep = fields("A generate step", {
  type: z.literal("generate"),
  name,
  description: text,
  generator: name,
  config,
  ...generating,
});

const agentStep = fields("An agent step", {
  type: z.literal("agent"),
  agent: name,
  name: name.nullish(),
  description: text,
  ...generating,
});

const approvalStep = fields("An approval step", {
  type: z.literal("approval"),
  name: name.nullish(),
  description: text,
  ...policy,
  k,
  stall_after: stallAfter,
  // Another name for stall_after, in hours.
  remind_after_hours: z
    .number()
    .positive('"remind_after_hours" must be more than 0.')
    .max(366 * 24)
    .nullish(),
});

/** A1: a step without `type` is an agent step. */
const step = z.preprocess(
  (value) => (isMapping(value) && !("type" in value) ? { type: impliedType(value), ...value } : value),
  z.discriminatedUnion("type", [generateStep, agentStep, approvalStep], {
    error: (issue) => {
      if (issue.code !== "invalid_union") return undefined;
      const type = isMapping(issue.input) ? issue.input.type : undefined;
      if (type === undefined) return 'A step with a "generator" needs "type: generate".';
      const hint = typeof type === "string" ? didYouMean(type, ["generate", "agent", "approval"]) : "";
      return `A step's "type" must be generate, agent or approval.${hint}`;
    },
  }),
);

const approvalTemplate = fields("An approval template", {
  name,
  description: text,
  steps: z
    .array(
      fields("A step of an approval template", {
        // By its name, or by its position where names repeat.
        step: z.union([name, z.int().min(1)], { error: '"step" must be the name of a step, or its position from 1.' }),
        k: z.int({ error: "K must be a whole number." }).min(1, "K must be at least 1").max(MAX_K).optional(),
        ...policy,
      }),
    )
    .min(1, "An approval template needs at least one step.")
    .max(MAX_STEPS),
});

const pipeline = fields("A pipeline", {
  name,
  description: text,
  defaults: fields('"defaults"', { n, k }).nullish(),
  ratings: oneOf(["bradley-terry", "elo"]),
  approval_templates: z
    .array(approvalTemplate)
    .max(MAX_TEMPLATES, `A pipeline may have at most ${MAX_TEMPLATES} approval templates.`)
    .nullish(),
  steps: z
    .array(step)
    .min(1, "A pipeline needs at least one step.")
    .max(MAX_STEPS, `A pipeline may have at most ${MAX_STEPS} steps. Make two of it.`),
});

const agent = fields("An agent", {
  name,
  description: text,
  generator: name.nullish(),
  opencode_agent: name.nullish(),
  default_model: name.nullish(),
  system_prompt_additions: text,
});

/** What a generator needs beside its name is its kind's own affair. */
const generator = z.looseObject({ name, kind: name });

/** `pipelines.yaml`, as it is written: snake_case, names not resolved yet. */
export const pipelinesDocument = fields("The document", {
  generators: z.array(generator).nullish(),
  agents: z.array(agent).max(MAX_AGENTS, `There may be at most ${MAX_AGENTS} agents.`).nullish(),
  pipelines: z
    .array(pipeline)
    .max(MAX_PIPELINES, `A document may have at most ${MAX_PIPELINES} pipelines. Apply the others with another one.`),
});

export type PipelinesDocument = z.infer<typeof pipelinesDocument>;
export type PipelineEntry = PipelinesDocument["pipelines"][number];
export type StepEntry = PipelineEntry["steps"][number];
export type TemplateEntry = z.infer<typeof approvalTemplate>;
/** What a step and a step of an approval template have in common. */
export type PolicyEntry = Pick<TemplateEntry["steps"][number], keyof typeof policy>;
export type AgentEntry = NonNullable<PipelinesDocument["agents"]>[number];

/** Who wrote `generator` and forgot the type is told so, instead of that an agent step has no such key. */
function impliedType(value: Mapping): string | undefined {
  return "generator" in value && !("agent" in value) ? undefined : "agent";
}
