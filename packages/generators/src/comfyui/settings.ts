import { parseDuration } from "@sluice/engine";
import { z } from "zod";
import { isSlotName } from "./slots.ts";

const duration = (key: string, example: string) =>
  z
    .union([z.string(), z.number()], { error: `"${key}" must be a span of time, such as ${example}.` })
    .refine((value) => parseDuration(value) !== undefined, {
      error: `"${key}" must be a span of time of at least a second, such as ${example}, or a number of seconds.`,
    });

const nodeReference = z
  .union([z.string().min(1), z.int()], { error: 'must be the id of a node, such as 6, or "title:" and its title' })
  .describe('Id of a node, or `title:` and its title, such as "title:Prompt".');

const target = z
  .strictObject({
    node: nodeReference,
    input: z.string().min(1).describe("Name of the node's input, such as text, seed or image."),
  })
  .describe("An input of a node.");

const binding = z
  .union([target, z.array(target).min(1)], {
    error: "must be { node, input }, or a list of these",
  })
  .describe("Where a slot goes: one input, or several.");

const workflow = z.strictObject({
  file: z
    .string()
    .min(1)
    .describe("The workflow as ComfyUI exports it with Workflow → Export (API), from the folder of this file."),
  bindings: z
    .record(z.string().refine(isSlotName), binding, {
      error: ({ code }) =>
        code === "invalid_key"
          ? "A slot's name is made of letters, digits, _ and -; var.NAME is a variable of the run."
          : undefined,
    })
    .default({})
    .describe(
      "Slots, and the inputs that they fill: prompt, negative, seed, parent_image, width, height, notes, run.name, run.prompt, job_id, var.NAME, or a name of your own, which steps fill with `values`.",
    ),
  output: nodeReference
    .optional()
    .describe("The node whose first picture is kept. Left out: the first that saves one."),
});

/** An error of the request itself would show the value, which may be a secret. */
const headerValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, {
  error: "A header must not have the end of a line in it, nor other characters that headers do not have.",
});

/** What an entry of the kind `comfyui` says. */
export const comfyuiSettings = z.strictObject({
  url: z
    .url({
      protocol: /^https?$/,
      error: '"url" must be where ComfyUI is reached, such as http://127.0.0.1:8188.',
    })
    .refine((url) => !hasCredentials(url), {
      error: '"url" must not have a name and a password in it: send them with "headers", as authorization: "Basic …".',
    })
    .refine((url) => !/[?#]/.test(url), {
      error: '"url" must not have a "?" or a "#" in it: say what is asked for with "headers".',
    })
    .describe("Where ComfyUI is reached, such as http://127.0.0.1:8188."),
  headers: z
    .record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/), headerValue, {
      error: ({ code }) => (code === "invalid_key" ? "This is no name of an HTTP header." : undefined),
    })
    .default({})
    .describe(
      "Sent with every request, such as an authorization with a token from the environment: ComfyUI itself asks for none.",
    ),
  concurrency: z.int().min(1).max(1000).default(1).describe("Jobs at a time, over all workers."),
  timeout: duration("timeout", "10m")
    .default("30m")
    .describe("How long a job may take at ComfyUI, waiting in its queue included."),
  poll_interval: duration("poll_interval", "2s")
    .default("1s")
    .describe("How often ComfyUI is asked whether a job is done."),
  workflows: z
    .record(z.string().min(1).max(200), workflow)
    .refine((workflows) => Object.keys(workflows).length > 0, { error: '"workflows" needs at least one workflow.' })
    .describe("The workflows that steps may name."),
});

export type ComfyuiSettings = z.infer<typeof comfyuiSettings>;
export type WorkflowSettings = ComfyuiSettings["workflows"][string];

function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username !== "" || password !== "";
}
