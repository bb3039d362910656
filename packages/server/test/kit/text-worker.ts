import { type GenerateRequest, type Generator, startWorker } from "@sluice/engine";
import type { ProcessKit } from "./server-process.ts";

/**
 * A worker within the test's process, beside servers that run none: it makes the texts of the generator `grammar` by
 * `write`, which may fail.
 */
export async function textWorker(
  kit: ProcessKit,
  write: (request: GenerateRequest) => string = ({ ordinal }) => `text ${ordinal}`,
): Promise<AsyncDisposable> {
  const generator: Generator = {
    name: "grammar",
    media: "text",
    checkConfig: () => undefined,
    generate: async (request) => ({ assets: [], text: write(request), meta: {} }),
  };
  const noAssets = (): Promise<never> => Promise.reject(new Error("These tests make no assets."));
  return await startWorker({
    engine: kit.engine,
    generators: [generator],
    assets: { put: noAssets, read: noAssets, discard: noAssets },
    concurrency: 4,
    onError: () => {},
  });
}
