import type { Generated, GenerateRequest, Generator, Json } from "@sluice/engine";
import { z } from "zod";
import { readStepConfig, requireStepConfig } from "../step-config.ts";
import type { Task, TaskResult } from "../tasks.ts";
import type { WorkerPool } from "../worker-pool.ts";
import type { Order } from "./breed.ts";
import { type Genome, parseGenome } from "./genome.ts";
import { loci } from "./mutate.ts";

const config = z.strictObject({
  /** What the step changes in its parents; without a parent it makes no difference. */
  loci: z.enum(loci, { error: `must be one of ${loci.join(", ")}` }).default("form"),
  /** Pixels per side: 512, or 1024 where the step finishes. */
  size: z
    .int({ error: "must be a whole number of pixels" })
    .min(64, "must be at least 64 pixels")
    .max(2048, "must be at most 2048 pixels")
    .optional(),
  /** How far children go from their parent. */
  strength: z
    .number({ error: "must be a number" })
    .min(0.1, "must be at least 0.1 (1 is usual)")
    .max(3, "must be at most 3 (1 is usual)")
    .default(1),
});

/**
 * `cppn`: abstract pictures that descend from each other. PNG, square.
 *
 * A picture's genome comes from (run, step position, parent, ordinal, prompt, notes, settings): `request.seed` stands for
 * the same slot, but no sibling's seed can be derived from it, and a candidate is bred so that it differs from its siblings.
 * `meta.genome` is what its children inherit; it is in the PNG's `tEXt` chunk `sluice:genome` too.
 */
export function cppnGenerator({ pool }: { pool: WorkerPool<Task, TaskResult> }): Generator {
  return {
    name: "cppn",
    media: "image",
    checkConfig(value) {
      const read = readStepConfig("cppn", config, value);
      return "problem" in read ? read.problem : undefined;
    },
    async generate(request, { signal, progress }) {
      const settings = requireStepConfig("cppn", config, request.step.config);
      const finish = settings.loci === "finish";
      const order = orderOf(request, settings);
      const size = settings.size ?? (finish ? 1024 : 512);
      const result = await pool.run(
        { kind: "cppn", order, size, supersample: finish && size <= 1024 ? 2 : 1 },
        { signal, onProgress: (share) => progress(share) },
      );
      if (result.kind !== "cppn") throw new TypeError("A thread answered a picture with a text.");
      return {
        assets: [{ bytes: result.png, mediaType: "image/png" }],
        text: null,
        meta: {
          generator: "cppn",
          loci: order.loci,
          motif: result.genome.motif,
          palette: result.genome.colour.palette,
          width: size,
          height: size,
          genome: result.genome as unknown as Json,
        },
      } satisfies Generated;
    },
  };
}

function orderOf(
  { run, step, parent, ordinal, notes, feedback }: GenerateRequest,
  settings: z.infer<typeof config>,
): Order {
  return {
    run: run.id,
    step: step.position,
    parent: parent && { id: parent.id, genome: genomeIn(parent.meta) },
    ordinal,
    loci: settings.loci,
    strength: settings.strength,
    prompt: run.prompt,
    // What a round was sent back with is a wish like a note, and a new round has to look different.
    notes: [...notes, ...feedback.map(({ comment }) => comment)],
  };
}

/** A parent made elsewhere has no genome, or none that is ours: its child then starts anew. */
function genomeIn(meta: Json): Genome | null {
  if (meta === null || typeof meta !== "object" || Array.isArray(meta)) return null;
  const parsed = parseGenome((meta as { readonly [key: string]: Json }).genome);
  return "genome" in parsed ? parsed.genome : null;
}
