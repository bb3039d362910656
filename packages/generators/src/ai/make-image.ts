import { type GenerateContext, type Generated, type GenerateRequest, GeneratorError } from "@sluice/engine";
import { generateImage } from "ai";
import { composePicturePrompt } from "../prompt/compose-picture-prompt.ts";
import { definedOnly } from "./defined-only.ts";
import { seedFor } from "./seed.ts";
import { usageOf } from "./usage.ts";
import { warningSentences } from "./warnings.ts";
import type { CallDeps } from "./write-text.ts";

/** Asks an image model for one image: from words, or from the parent's image and words. */
export async function makeImage(
  { name, settings, step, models, signal }: CallDeps,
  request: GenerateRequest,
  context: Pick<GenerateContext, "progress">,
): Promise<Generated> {
  if (!models.image) {
    throw new GeneratorError(`The provider "${settings.provider}" has no image models.`, { retryable: false });
  }
  const text = [step.instructions, composePicturePrompt(request)].filter(Boolean).join("\n");
  const parent = step.parentImage ? request.parent?.asset : null;
  const edits = parent?.mediaType.startsWith("image/") ? parent : null;
  const seed = seedFor(settings, request.seed);
  // Servers for images take a seed in the body, if at all; the SDK knows no such argument for them.
  const inBody = settings.provider === "openai-compatible" && seed !== undefined ? { seed } : {};
  const options = { ...inBody, ...settings.provider_options };
  context.progress(0, `Asks ${step.model}`);
  const made = await generateImage({
    model: models.image(step.model),
    prompt: edits ? { text, images: [await edits.bytes()] } : text,
    n: 1,
    maxRetries: 0,
    abortSignal: signal,
    ...(Object.keys(options).length > 0 ? { providerOptions: { [models.optionsKey]: options } } : {}),
    ...definedOnly({
      size: step.size,
      aspectRatio: step.aspectRatio,
      seed: "seed" in inBody ? undefined : seed,
    }),
  });
  const counted = { ...made.usage, images: 1 };
  return {
    assets: [{ bytes: made.image.uint8Array, mediaType: made.image.mediaType }],
    text: null,
    meta: { generator: name, provider: settings.provider, model: step.model, edited: edits !== null },
    usage: usageOf(step.model, counted, step.prices),
    warnings: warningSentences(made.warnings),
  };
}
