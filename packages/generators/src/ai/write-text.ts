import {
  type GenerateContext,
  type Generated,
  type GenerateRequest,
  GeneratorError,
  type Json,
  MAX_TEXT_LENGTH,
} from "@sluice/engine";
import { type ModelMessage, Output, streamText } from "ai";
import { composePrompt } from "../prompt/compose-prompt.ts";
import { definedOnly } from "./defined-only.ts";
import type { ProviderModels } from "./provider-models.ts";
import { seedFor } from "./seed.ts";
import type { AiSettings } from "./settings.ts";
import type { StepSettings } from "./step-settings.ts";
import { usageOf } from "./usage.ts";
import { warningSentences } from "./warnings.ts";

export interface CallDeps {
  readonly name: string;
  readonly settings: AiSettings;
  readonly step: StepSettings;
  readonly models: ProviderModels;
  /** Ends the call: the attempt's end, or its timeout. */
  readonly signal: AbortSignal;
}

/** Below what is kept as `meta` (256 kB), which has more in it than the object. */
const MAX_OBJECT_BYTES = 200_000;

/** Asks a language model for a text or an object, and shows what it has written so far. */
export async function writeText(
  { name, settings, step, models, signal }: CallDeps,
  request: GenerateRequest,
  context: Pick<GenerateContext, "write" | "progress">,
): Promise<Generated> {
  const { system, prompt } = composePrompt(request);
  const instructions = [step.instructions, system, objectInWords(settings, step)].filter(Boolean).join("\n\n");
  context.progress(0, `Asks ${step.model}`);
  const stream = streamText({
    model: models.language(step.model),
    messages: [await message(request, step, prompt)],
    maxRetries: 0,
    abortSignal: signal,
    // It would write to the console by default; the error comes with the stream as well.
    onError: () => {},
    ...(step.object ? { output: Output.object({ schema: step.object.schema }) } : {}),
    ...definedOnly({
      instructions: instructions || undefined,
      temperature: step.temperature,
      maxOutputTokens: step.maxOutputTokens,
      seed: seedFor(settings, request.seed),
      providerOptions: settings.provider_options && { [models.optionsKey]: settings.provider_options },
    }),
  });
  let text = "";
  for await (const part of stream.stream) {
    if (part.type === "error") throw part.error;
    if (part.type === "abort") throw signal.reason;
    if (part.type !== "text-delta") continue;
    text += part.text;
    if (text.length > MAX_TEXT_LENGTH) {
      throw new GeneratorError(`The text is longer than ${MAX_TEXT_LENGTH} characters. Set max_output_tokens.`, {
        retryable: false,
      });
    }
    context.write(text);
  }
  const [finishReason, counted, warnings] = await Promise.all([stream.finishReason, stream.usage, stream.warnings]);
  const usage = usageOf(step.model, counted, step.prices);
  const told = warningSentences(warnings);
  const meta: { [key: string]: Json } = { generator: name, provider: settings.provider, model: step.model };
  if (step.object) {
    const object = (await stream.output) as Json;
    const written = JSON.stringify(object, null, 2);
    if (Buffer.byteLength(written) <= MAX_OBJECT_BYTES) meta.object = object;
    else told.push("The object is too large to be kept as one; its text is.");
    return { assets: [], text: written, meta, usage, warnings: told };
  }
  if (text.trim() === "") throw nothingWritten(finishReason, usage);
  if (finishReason === "length") told.push("The text was cut off by max_output_tokens.");
  if (finishReason === "content-filter") told.push("The provider's content filter cut the text off.");
  return { assets: [], text: text.trim(), meta, usage, warnings: told };
}

async function message({ parent }: GenerateRequest, step: StepSettings, prompt: string): Promise<ModelMessage> {
  const image = step.parentImage ? parent?.asset : null;
  if (!image?.mediaType.startsWith("image/")) return { role: "user", content: prompt };
  return {
    role: "user",
    content: [
      { type: "text", text: prompt },
      { type: "file", data: await image.bytes(), mediaType: image.mediaType },
    ],
  };
}

/** For a server that takes no schema. */
function objectInWords({ provider, structured_outputs }: AiSettings, { object }: StepSettings): string | undefined {
  if (!object || provider !== "openai-compatible" || structured_outputs) return undefined;
  return `Answer with one JSON object that fits this JSON Schema, and with nothing else:\n${JSON.stringify(object.json)}`;
}

function nothingWritten(finishReason: string, usage: Generated["usage"]): GeneratorError {
  switch (finishReason) {
    case "content-filter":
      return new GeneratorError("The provider's content filter stopped the answer.", { retryable: false, usage });
    case "length":
      return new GeneratorError(
        "The model used up max_output_tokens before it wrote anything. Allow more; models that reason need much.",
        { retryable: false, usage },
      );
    default:
      return new GeneratorError("The model answered with nothing.", { retryable: true, usage });
  }
}
