import { z } from "zod";
import { concurrency, duration, media, stepSettings } from "../outside/settings.ts";

/** What an entry of the kind `command` says. */
export const commandSettings = z.strictObject({
  command: z
    .array(z.string(), {
      error: '"command" must be a list: the program and its arguments, such as [python3, draw.py].',
    })
    .min(1, '"command" must name a program, such as [python3, draw.py].')
    .refine(([program]) => program !== "", '"command" must begin with the name of a program.')
    .describe("The program and its arguments, such as [python3, draw.py]. No shell reads it."),
  folder: z
    .string()
    .min(1)
    .optional()
    .describe("The folder that the program starts in, from the folder of this file; that folder where it is left out."),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is no name of an environment variable"), z.string())
    .default({})
    .describe(
      `Environment variables beside PATH, HOME, LANG and TZ, such as { API_KEY: "\${API_KEY}" }. The program gets no others.`,
    ),
  input: z
    .enum(["json", "prompt", "none"], { error: '"input" must be json, prompt or none.' })
    .default("json")
    .describe(
      "What the program reads from its standard input: the whole job as JSON, the prompt in words, or nothing.",
    ),
  output: z
    .enum(["json", "text", "image"], { error: '"output" must be json, text or image.' })
    .default("json")
    .describe("What the program writes to its standard output: a JSON answer, the text itself, or a picture's bytes."),
  media: media.optional().describe("What a program with JSON output makes: image or text. Text where it is left out."),
  timeout: duration("timeout", "10m").default("10m").describe("How long the program may take."),
  max_output_mb: z
    .number()
    .min(0.001)
    .max(256)
    .default(32)
    .describe("Megabytes that it may write to its standard output."),
  retry_exit_codes: z
    .array(z.int().min(1).max(255))
    .default([])
    .describe("Exit codes after which another attempt may do better. After others the job is given up."),
  step_settings: stepSettings,
  concurrency,
});

export type CommandSettings = z.infer<typeof commandSettings>;
