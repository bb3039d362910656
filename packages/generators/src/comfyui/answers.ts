// What ComfyUI answers, as far as it is looked at.

import { z } from "zod";

export const systemStats = z.object({
  system: z.object({ comfyui_version: z.string().optional() }).optional(),
  devices: z.array(z.object({ name: z.string() })).optional(),
});

const nodeErrors = z.record(
  z.string(),
  z.object({
    class_type: z.string().optional(),
    dependent_outputs: z.array(z.string()).optional(),
    errors: z
      .array(
        z.object({
          type: z.string().optional(),
          message: z.string().optional(),
          details: z.string().optional(),
          extra_info: z.object({ input_name: z.string().optional() }).nullish(),
        }),
      )
      .optional(),
  }),
);

export type NodeErrors = z.infer<typeof nodeErrors>;

/** An empty one is a list: Python's empty value of another kind. */
const maybeNodeErrors = z
  .union([nodeErrors, z.array(z.unknown())])
  .nullish()
  .transform((found): NodeErrors => (found && !Array.isArray(found) ? found : {}));

export const accepted = z.object({ prompt_id: z.string().min(1), node_errors: maybeNodeErrors });

export const refused = z.object({
  error: z.union([
    z.object({ type: z.string().optional(), message: z.string().optional(), details: z.string().optional() }),
    z.string().transform((message) => ({ type: undefined, message, details: undefined })),
  ]),
  node_errors: maybeNodeErrors,
});

export type Refused = z.infer<typeof refused>;

const historyEntry = z.object({
  outputs: z.record(z.string(), z.record(z.string(), z.unknown()).catch({})).catch({}),
  status: z
    .object({
      status_str: z.string().optional(),
      messages: z.array(z.tuple([z.string(), z.record(z.string(), z.unknown())]).rest(z.unknown())).catch([]),
    })
    .nullish(),
});

export type HistoryEntry = z.infer<typeof historyEntry>;

export const history = z.record(z.string(), historyEntry);

/** Of an item, the second value is the id. */
const queued = z.array(z.tuple([z.unknown(), z.string()]).rest(z.unknown()));

export const queue = z.object({ queue_running: queued, queue_pending: queued });

export const uploaded = z.object({ name: z.string().min(1), subfolder: z.string().default("") });

const inputs = z.record(z.string(), z.array(z.unknown()).catch([])).optional();

export const nodeInfo = z.record(
  z.string(),
  z.object({ input: z.object({ required: inputs, optional: inputs }).optional() }),
);

export type NodeInfo = z.infer<typeof nodeInfo>[string];
