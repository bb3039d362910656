import { z } from "zod";
import { MAX_N } from "../commands/run-input.ts";
import { described, fields } from "./described.ts";
import { DURATION, parseDuration } from "./duration.ts";
import { generatorEntries } from "./generator-entries.ts";
import type { GeneratorKind } from "./generator-kind.ts";
import { isMapping } from "./is-mapping.ts";
import { didYouMean } from "./nearest-name.ts";
import { automaticDescriptions, policyDescriptions } from "./policy-descriptions.ts";
import { automaticKeys, policyKeys } from "./policy-keys.ts";

/** K is a maximum, so a large one means "all"; this bound only keeps it within the column. */
const MAX_K = 1_000_000;

/** A run has all its steps from the start, and every page of a run shows them all. */
export const MAX_STEPS = 50;
const MAX_PIPELINES = 100;
const MAX_AGENTS = 200;
const MAX_TEMPLATES = 50;
/** Beyond them somebody mistook the unit; both keep within what the database adds up exactly. */
const MAX_JOBS = 10_000_000;
const MAX_COST = 1_000_000;

const name = z.string().trim().min(1).max(200);
const text = z.string().max(20_000).nullish();
const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) => z.enum(values).nullish();
const n = z.int().min(1).max(MAX_N).nullish();
const k = z.int({ error: "K must be a whole number." }).min(1, "K must be at least 1").max(MAX_K).nullish();

const stallAfter = z
  .union([z.string().regex(DURATION, notADuration()), z.number().positive(notADuration())], { error: notADuration })
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

const automatic = fields('"automatic"', described(automaticKeys, automaticDescriptions));
const policy = described(policyKeys(automatic), policyDescriptions);

const generating = {
  ...policy,
  ...described(
    { gate: oneOf(["manual", "auto", "open"]), n, k, stall_after: stallAfter },
    {
      gate: "manual: a person opens it. auto: it opens by itself, for the K best, once the step is done. open: all advance at once.",
      n: "N of this step: candidates that are made of each parent. Left out: the run's; 1 for an agent step.",
      k: "K of this step: how many candidates advance at most. Left out: the run's.",
      stall_after: "How long the gate may wait for a person before an alert, such as 30m, 4h or 2d. Default 24h.",
    },
  ),
  failure_budget: z
    .int()
    .min(0)
    .max(1_000_000)
    .nullish()
    .describe(
      "Failed attempts that the step may spend. Beyond it, it makes nothing more and raises an alert. Default 12.",
    ),
};

const generateStep = fields("A generate step", {
  ...described(
    { type: z.literal("generate"), name, description: text, generator: name, config },
    {
      type: "The step makes candidates with a generator.",
      name: "Shown wherever the step is.",
      description: "What the step is for; generators that write are given it.",
      generator: "Which generator makes its candidates: cppn, grammar, or one of the section generators.",
      config: "The generator's own settings for this step.",
    },
  ),
  ...generating,
});

const agentStep = fields("An agent step", {
  ...described(
    { type: z.literal("agent").optional(), agent: name, name: name.nullish(), description: text },
    {
      type: "An agent works on what the step before it let through. The type may be left out.",
      agent: "Which agent does it: one of the section agents.",
      name: "Shown wherever the step is. Left out: the agent's name.",
      description: "What the agent is to do in this step; it is given this.",
    },
  ),
  ...generating,
});

const approvalStep = fields("An approval step", {
  ...described(
    {
      type: z.literal("approval"),
      name: name.nullish(),
      description: text,
      k,
      stall_after: stallAfter,
      // Another name for stall_after, in hours.
      remind_after_hours: z
        .number()
        .positive('"remind_after_hours" must be more than 0.')
        .max(366 * 24)
        .nullish(),
    },
    {
      type: "A person decides on what the step before it let through. Nothing is made.",
      name: 'Shown wherever the step is. Default "Approval".',
      description: "What the approver should look at.",
      k: "How many candidates this approval lets through at most. Left out: the run's K.",
      stall_after: "How long the approval may wait before an alert, such as 30m, 4h or 2d. Default 24h.",
      remind_after_hours: "Another way to write stall_after, in hours.",
    },
  ),
  ...policy,
});

/** Stands for a type that was left out of a step that makes candidates. */
const LEFT_OUT = "(left out)";

/** A1: a step without `type` is an agent step. */
const step = z.preprocess(
  // Who wrote `generator` and forgot the type is told so, instead of that an agent step has no such key.
  (value) =>
    isMapping(value) && !("type" in value) && "generator" in value && !("agent" in value)
      ? { ...value, type: LEFT_OUT }
      : value,
  z.discriminatedUnion("type", [generateStep, agentStep, approvalStep], {
    error: (issue) => {
      if (issue.code !== "invalid_union") return undefined;
      const type = isMapping(issue.input) ? issue.input.type : undefined;
      if (type === LEFT_OUT) return 'A step with a "generator" needs "type: generate".';
      const hint = typeof type === "string" ? didYouMean(type, ["generate", "agent", "approval"]) : "";
      return `A step's "type" must be generate, agent or approval.${hint}`;
    },
  }),
);

const templateStep = fields("A step of an approval template", {
  ...described(
    {
      // By its name, or by its position where names repeat.
      step: z.union([name, z.int().min(1)], { error: '"step" must be the name of a step, or its position from 1.' }),
      k: z.int({ error: "K must be a whole number." }).min(1, "K must be at least 1").max(MAX_K).optional(),
    },
    { step: "Which step: its name, or its position from 1.", k: "Takes the place of the step's K." },
  ),
  ...policy,
});

const approvalTemplate = fields(
  "An approval template",
  described(
    {
      name,
      description: text,
      steps: z.array(templateStep).min(1, "An approval template needs at least one step.").max(MAX_STEPS),
    },
    {
      name: "What a run that follows it names.",
      description: "Shown when a run is created.",
      steps: "What is different from the pipeline's own steps.",
    },
  ),
);

const defaults = fields(
  '"defaults"',
  described(
    { n, k, max_jobs: z.int().min(1).max(MAX_JOBS).nullish(), max_cost: z.number().min(0).max(MAX_COST).nullish() },
    {
      n: "N: candidates that are made of each parent, where the run names none. Default 3.",
      k: "K: candidates that advance at most, where the run names none. Default 3.",
      max_jobs: "Attempts that a run may start; then it stops spending and raises an alert. Default: any number.",
      max_cost: "US dollars that a run may spend; then it stops spending and raises an alert. Default: any amount.",
    },
  ),
);

const pipeline = fields(
  "A pipeline",
  described(
    {
      name,
      description: text,
      defaults: defaults.nullish(),
      ratings: oneOf(["bradley-terry", "elo"]),
      approval_templates: z
        .array(approvalTemplate)
        .max(MAX_TEMPLATES, `A pipeline may have at most ${MAX_TEMPLATES} approval templates.`)
        .nullish(),
      steps: z
        .array(step)
        .min(1, "A pipeline needs at least one step.")
        .max(MAX_STEPS, `A pipeline may have at most ${MAX_STEPS} steps. Make two of it.`),
    },
    {
      name: "Runs are created by it.",
      description: "Shown when a run is created.",
      defaults: "What a run has where it says nothing itself.",
      ratings: "How votes become ratings. Default bradley-terry; elo depends on the order of the votes.",
      approval_templates: "Named sets of K and policies that a run may be created with.",
      steps: "The steps, in order.",
    },
  ),
);

const agent = fields(
  "An agent",
  described(
    {
      name,
      description: text,
      generator: name.nullish(),
      opencode_agent: name.nullish(),
      default_model: name.nullish(),
      system_prompt_additions: text,
    },
    {
      name: "What steps call it.",
      description: "What it is for.",
      generator: "The generator that does its work. Left out: the generator of the kind opencode.",
      opencode_agent: "Which of OpenCode's agents it is, such as build or plan.",
      default_model: "The model it uses, as its generator names models; for OpenCode provider/model.",
      system_prompt_additions: "Instructions that it has in every step.",
    },
  ),
);

/**
 * `pipelines.yaml`, as it is written: snake_case, names not resolved yet. What validates a document, and what the published
 * JSON Schema is made from.
 *
 * @param kinds that its section `generators` may name
 */
export function pipelinesDocument(kinds: readonly GeneratorKind[]) {
  return fields(
    "The document",
    described(
      {
        generators: generatorEntries(kinds).nullish(),
        agents: z.array(agent).max(MAX_AGENTS, `There may be at most ${MAX_AGENTS} agents.`).nullish(),
        pipelines: z
          .array(pipeline)
          .max(
            MAX_PIPELINES,
            `A document may have at most ${MAX_PIPELINES} pipelines. Apply the others with another one.`,
          ),
      },
      {
        generators: "Generators beside the built-in cppn and grammar. The operator's file only.",
        agents: "Who agent steps refer to. The operator's file only.",
        pipelines: "The pipelines.",
      },
    ),
  );
}

export type PipelinesDocument = z.infer<ReturnType<typeof pipelinesDocument>>;
export type PipelineEntry = PipelinesDocument["pipelines"][number];
export type StepEntry = PipelineEntry["steps"][number];
export type GenerateStepEntry = z.infer<typeof generateStep>;
export type AgentStepEntry = z.infer<typeof agentStep>;
export type ApprovalStepEntry = z.infer<typeof approvalStep>;
export type TemplateEntry = z.infer<typeof approvalTemplate>;
/** What a step and a step of an approval template have in common. */
export type PolicyEntry = Pick<TemplateEntry["steps"][number], keyof typeof policy>;
export type AgentEntry = NonNullable<PipelinesDocument["agents"]>[number];
