import type { GenerateRequest, Generator, Json } from "@sluice/engine";
import { generateOnce, generateRequest } from "@sluice/engine/testing";
import { aiKind } from "../ai/kind.ts";
import { type OpenAiServerOptions, openAiServer } from "./openai-server/server.ts";

/** A generator as the operator's file declares it: checked by the kind's own settings. */
export function declaredAi(entry: Record<string, unknown>): Generator {
  const settings = aiKind.settings.parse({ provider: "openai-compatible", model: "tiny", ...entry });
  return aiKind.create("writer", settings, { folder: "/", origin: () => "http://127.0.0.1:4000", environment: {} });
}

/** An endpoint, and generators of the kind `ai` that ask it for one candidate. */
export async function aiPeer(options?: OpenAiServerOptions) {
  const server = await openAiServer(options);
  return {
    server,
    generate: (
      entry: Record<string, unknown> = {},
      change: Partial<GenerateRequest> = {},
      once: Parameters<typeof generateOnce>[2] = {},
    ) => generateOnce(declaredAi({ base_url: server.url, ...entry }), generateRequest(change), once),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** A parent with a text, an image, or both. */
export function parentOf(text: string | null, bytes?: Uint8Array): NonNullable<GenerateRequest["parent"]> {
  return { id: 5, text, meta: {}, asset: bytes ? { mediaType: "image/png", bytes: async () => bytes } : null };
}

/** A second step with such a config. */
export function stepWith(config: Json): GenerateRequest["step"] {
  return { position: 2, name: "Polish", description: null, config };
}

/** What the work failed with; nothing where it did not. */
export function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}
