import type { Generated, GenerateRequest, Generator, Json } from "@sluice/engine";
import { z } from "zod";
import { readStepConfig, requireStepConfig } from "../step-config.ts";
import type { Task, TaskResult } from "../tasks.ts";
import type { WorkerPool } from "../worker-pool.ts";
import { forms, parseTextGenome, type WriteOrder } from "./write.ts";

const config = z.strictObject({
  form: z.enum(forms, { error: `must be one of ${forms.join(", ")}` }).default("tagline"),
  /** How many parts of the parent a child has anew. */
  reroll: z
    .int({ error: "must be a whole number of parts" })
    .min(1, "must be at least 1")
    .max(20, "must be at most 20")
    .default(2),
});

/**
 * `grammar`: short texts that descend from each other, made from a grammar: no model, no network, no cost.
 *
 * The prompt gives the topic; its words, the approvals' and those a round was sent back with give the tone. `meta.genome` is the derivation tree, parts
 * of which a child has anew. Like `cppn`, it goes by (run, step position, parent, ordinal) rather than `request.seed`.
 */
export function grammarGenerator({ pool }: { pool: WorkerPool<Task, TaskResult> }): Generator {
  return {
    name: "grammar",
    media: "text",
    checkConfig(value) {
      const read = readStepConfig("grammar", config, value);
      return "problem" in read ? read.problem : undefined;
    },
    async generate(request, { signal, progress }) {
      const settings = requireStepConfig("grammar", config, request.step.config);
      const result = await pool.run({ kind: "grammar", order: orderOf(request, settings) }, { signal });
      if (result.kind !== "grammar") throw new TypeError("A thread answered a text with a picture.");
      progress(1);
      return {
        assets: [],
        text: result.text,
        meta: {
          generator: "grammar",
          form: settings.form,
          topic: result.genome.topic.phrase,
          genome: result.genome as unknown as Json,
        },
      } satisfies Generated;
    },
  };
}

function orderOf(
  { run, step, parent, ordinal, notes, feedback }: GenerateRequest,
  settings: z.infer<typeof config>,
): WriteOrder {
  return {
    run: run.id,
    step: step.position,
    parent: parent && { id: parent.id, text: parent.text, genome: genomeIn(parent.meta) },
    ordinal,
    form: settings.form,
    reroll: settings.reroll,
    prompt: run.prompt,
    notes: [...notes, ...feedback.map(({ comment }) => comment)],
  };
}

function genomeIn(meta: Json) {
  if (meta === null || typeof meta !== "object" || Array.isArray(meta)) return null;
  return parseTextGenome((meta as { readonly [key: string]: Json }).genome);
}
