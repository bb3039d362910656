import { type Generated, GeneratorError, type Json, MAX_ASSETS, pictureType, type Usage } from "@sluice/engine";
import { z } from "zod";
import { firstBytes } from "./first-bytes.ts";

/** More is a mistake, and would spoil every sum that it is in. */
const MAX_COST_USD = 1_000_000;

const usage = z.strictObject({
  model: z.string().optional(),
  costUsd: z.number().min(0).max(MAX_COST_USD).optional(),
  inputTokens: z.int().min(0).optional(),
  outputTokens: z.int().min(0).optional(),
});

const made = z.strictObject({
  text: z.string().nullish(),
  assets: z
    .array(z.union([z.strictObject({ base64: z.string() }), z.strictObject({ file: z.string().min(1) })]))
    .max(MAX_ASSETS)
    .nullish(),
  meta: z.record(z.string(), z.json()).nullish(),
  usage: usage.nullish(),
  warnings: z.array(z.string()).nullish(),
});

const failed = z.strictObject({
  error: z.string().trim().min(1),
  retryable: z.boolean().default(false),
  usage: usage.nullish(),
});

export interface ReadAnswerOptions {
  /** Who answers, to begin a sentence with. */
  readonly who: string;
  readonly media: "image" | "text";
  /** Reads a file that the answer names; where it is left out, an answer can name none. */
  readonly readFile?: (name: string) => Promise<Uint8Array>;
}

/**
 * What a program says it has made: `{ text?, assets?: [{ base64 } | { file }], meta?, usage?, warnings? }`, or
 * `{ error, retryable? }`.
 *
 * @throws GeneratorError for its own failure, and for an answer that is none; the latter no retry mends
 */
export async function readAnswer(bytes: Uint8Array, options: ReadAnswerOptions): Promise<Generated> {
  const { who, media } = options;
  const value = parse(bytes, who);
  const isFailure = typeof value === "object" && value !== null && "error" in value;
  if (isFailure) {
    const { error, retryable, usage } = check(failed, value, who);
    throw new GeneratorError(`${who} failed: ${error}`, { retryable, usage: tidy(usage) });
  }
  const answer = check(made, value, who);
  const assets: { bytes: Uint8Array; mediaType: string }[] = [];
  for (const asset of answer.assets ?? []) {
    if ("base64" in asset) assets.push(picture(decoded(asset.base64, who), who));
    else if (options.readFile) assets.push(picture(await options.readFile(asset.file), who));
    else throw permanent(`${who} named the file "${asset.file}", which is not here. Send pictures as base64.`);
  }
  const text = answer.text?.trim() ? answer.text : null;
  if (media === "image" && assets.length === 0) throw permanent(`${who} answered without a picture.`);
  if (media === "text" && text === null) throw permanent(`${who} answered without a text.`);
  return {
    assets,
    text,
    meta: (answer.meta ?? {}) as { readonly [key: string]: Json },
    usage: tidy(answer.usage),
    warnings: answer.warnings ?? undefined,
  };
}

/** One picture that is an answer by itself. */
export function pictureAnswer(bytes: Uint8Array, who: string): Generated {
  return { assets: [picture(bytes, who)], text: null, meta: {} };
}

/** A text that is an answer by itself. */
export function textAnswer(bytes: Uint8Array, who: string): Generated {
  const text = new TextDecoder().decode(bytes).trim();
  if (text === "") throw permanent(`${who} answered with an empty text.`);
  return { assets: [], text, meta: {} };
}

function decoded(base64: string, who: string): Uint8Array {
  const bytes = Buffer.from(base64, "base64");
  // What is no base64 is skipped when it is decoded, so that less comes out.
  if (bytes.byteLength === Buffer.byteLength(base64, "base64")) return bytes;
  throw permanent(`${who} sent a picture that is no base64. It must have no line breaks, and no "data:" before it.`);
}

function picture(bytes: Uint8Array, who: string): { bytes: Uint8Array; mediaType: string } {
  const mediaType = pictureType(bytes);
  if (mediaType) return { bytes, mediaType };
  throw permanent(`${who} was to answer with a PNG, JPEG, WebP, GIF or AVIF image, and sent ${firstBytes(bytes)}.`);
}

function parse(bytes: Uint8Array, who: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw permanent(`${who} was to answer with one JSON value, and sent ${firstBytes(bytes)}.`);
  }
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown, who: string): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 3).map(({ path, message }) => `${path.join(".") || "it"}: ${message}`);
  throw permanent(`${who} answered with JSON that is not understood (${issues.join("; ")}).`);
}

function permanent(message: string): GeneratorError {
  return new GeneratorError(message, { retryable: false });
}

function tidy(value: z.infer<typeof usage> | null | undefined): Usage | undefined {
  return value ?? undefined;
}
