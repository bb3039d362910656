import { parseDuration } from "@sluice/engine";
import { z } from "zod";

export const providers = ["openai", "anthropic", "google", "openai-compatible"] as const;
export type Provider = (typeof providers)[number];

const DEFAULT_TIMEOUT_SECONDS = 600;

const dollars = z.number().min(0).max(10_000);

const prices = z
  .strictObject({
    input: dollars.optional().describe("US dollars for a million tokens of input."),
    output: dollars.optional().describe("US dollars for a million tokens of output."),
    image: dollars.optional().describe("US dollars for an image."),
  })
  .describe("What the provider charges. With it, a run's cost is known and can be limited.");

const size = z
  .templateLiteral([z.int().min(16).max(8192), "x", z.int().min(16).max(8192)], {
    error: 'must be a width and a height in pixels, such as "1024x1024"',
  })
  .describe("Width and height of an image in pixels, such as 1024x1024. Which ones there are is the model's to say.");

const aspectRatio = z
  .templateLiteral([z.int().min(1).max(100), ":", z.int().min(1).max(100)], {
    error: 'must be a width and a height, such as "16:9"',
  })
  .describe("Aspect ratio of an image, such as 16:9, for models that take it instead of a size.");

/** What both an entry of the operator's file and a step may say; the step's counts. */
export const perCandidate = {
  temperature: z.number().min(0).max(2).optional().describe("How freely a text is written. Many new models take none."),
  max_output_tokens: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe("The most tokens an answer may have. A text that reaches it is kept with a warning."),
  size: size.optional(),
  aspect_ratio: aspectRatio.optional(),
  schema: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("With output: object, the JSON Schema that an answer has to fit; its root is an object."),
  instructions: z
    .string()
    .max(20_000)
    .optional()
    .describe("What the model is told before every prompt (its system prompt)."),
  parent_image: z
    .boolean()
    .optional()
    .describe("Whether the model is given the parent's image. On by default; turn it off for models that take none."),
};

export const aiSettings = z.strictObject({
  provider: z
    .enum(providers)
    .describe("Whose API is spoken. Ollama, llama.cpp, vLLM and LocalAI are openai-compatible."),
  base_url: z
    .string()
    // No format of JSON Schema's: an editor sees the text before a variable has its value.
    .refine(isAddress, { error: "must be an address such as http://127.0.0.1:11434/v1" })
    .optional()
    .describe("Where the API is, with its version, such as http://127.0.0.1:11434/v1. Required for openai-compatible."),
  api_key: z.string().optional().describe(`The key, by its environment variable: \${OPENAI_API_KEY}.`),
  model: z.string().min(1).max(200).describe("The model's name as its provider writes it."),
  models: z
    .record(z.string().min(1).max(200), prices)
    .optional()
    .describe("Other models that steps and agents may choose, each with its prices or {}."),
  output: z
    .enum(["text", "image", "object"])
    .default("text")
    .describe("What is made. An object is JSON that fits a schema."),
  headers: z.record(z.string(), z.string()).optional().describe("Headers sent with every request."),
  concurrency: z.int().min(1).max(1_000).optional().describe("Requests at a time, over all workers."),
  timeout: z
    .union([z.string(), z.number()])
    .transform((value, context) => {
      const seconds = parseDuration(value);
      if (seconds !== undefined) return seconds;
      context.addIssue({ code: "custom", message: "must be a span of time, such as 90s or 10m" });
      return z.NEVER;
    })
    .default(DEFAULT_TIMEOUT_SECONDS)
    .describe("How long one candidate may take: 90s, 10m. Ten minutes by default."),
  ...perCandidate,
  prices: prices.optional(),
  structured_outputs: z
    .boolean()
    .default(true)
    .describe("Whether an openai-compatible server takes a JSON Schema; where not, the model is told it in words."),
  seed: z
    .boolean()
    .optional()
    .describe("Whether the job's seed is sent. By default it is for texts of google and openai-compatible."),
  provider_options: z
    .record(z.string(), z.json())
    .optional()
    .describe("Options of the provider's own, as the AI SDK names them, such as { reasoningEffort: low }."),
});

function isAddress(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}

export type AiSettings = z.infer<typeof aiSettings>;
export type Prices = z.infer<typeof prices>;
