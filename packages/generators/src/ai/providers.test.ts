import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { generateOnce, generateRequest } from "@sluice/engine/testing";
import { describe, expect, it } from "vitest";
import { aiKind } from "./kind.ts";

interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers every POST with a stream of these events, and every GET (a look at a model) with an object. */
async function streaming(events: readonly object[]) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    asked.push({ path: request.url ?? "", headers: request.headers, body: await text(request) });
    if (request.method === "GET") return void response.end("{}");
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function declared(entry: Record<string, unknown>) {
  const settings = aiKind.settings.parse({ api_key: "sk-secret", instructions: "Be brief.", ...entry });
  return aiKind.create("writer", settings, { folder: "/", origin: () => "", environment: {} });
}

const prices = { input: 1_000, output: 10_000 };
const written = {
  text: "It rains.",
  usage: { model: "m", inputTokens: 10, outputTokens: 3, costUsd: 0.04 },
  warnings: [],
  told: { texts: ["It ", "It rains."] },
};

describe("ai: the providers' own APIs", () => {
  it("openai: Responses", async () => {
    const usage = { input_tokens: 10, output_tokens: 3 };
    await using api = await streaming([
      { type: "response.created", response: { id: "r", created_at: 1, model: "m" } },
      { type: "response.output_item.added", output_index: 0, item: { type: "message", id: "i" } },
      { type: "response.output_text.delta", item_id: "i", delta: "It " },
      { type: "response.output_text.delta", item_id: "i", delta: "rains." },
      { type: "response.output_item.done", output_index: 0, item: { type: "message", id: "i" } },
      { type: "response.completed", response: { usage } },
    ]);
    const generator = declared({ provider: "openai", base_url: `${api.url}/v1`, model: "m", prices });
    expect(await generateOnce(generator, generateRequest())).toMatchObject(written);
    expect(await generator.check!(new AbortController().signal)).toMatchObject({ ok: true });
    expect(api.asked.map(({ path }) => path)).toEqual(["/v1/responses", "/v1/models/m"]);
    expect(api.asked.every(({ headers }) => headers.authorization === "Bearer sk-secret")).toBe(true);
    expect(api.asked[0]?.body).toContain("Be brief.");
  });

  it("anthropic: Messages", async () => {
    await using api = await streaming([
      { type: "message_start", message: { id: "r", model: "m", usage: { input_tokens: 10, output_tokens: 1 } } },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "It " } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "rains." } },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 3 } },
      { type: "message_stop" },
    ]);
    const generator = declared({
      provider: "anthropic",
      base_url: `${api.url}/v1`,
      model: "m",
      max_output_tokens: 50,
      prices,
    });
    expect(await generateOnce(generator, generateRequest())).toMatchObject(written);
    expect(await generator.check!(new AbortController().signal)).toMatchObject({ ok: true });
    expect(api.asked.map(({ path }) => path)).toEqual(["/v1/messages", "/v1/models/m"]);
    expect(api.asked.every(({ headers }) => headers["x-api-key"] === "sk-secret")).toBe(true);
    expect(JSON.parse(api.asked[0]!.body)).toMatchObject({ max_tokens: 50 });
  });

  it("google: generateContent, with the job's seed", async () => {
    const part = (text: string) => ({ candidates: [{ content: { role: "model", parts: [{ text }] } }] });
    await using api = await streaming([
      part("It "),
      {
        candidates: [{ content: { role: "model", parts: [{ text: "rains." }] }, finishReason: "STOP" }],
        usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 3, totalTokenCount: 13 },
      },
    ]);
    const generator = declared({ provider: "google", base_url: `${api.url}/v1beta`, model: "m", prices });
    expect(await generateOnce(generator, generateRequest())).toMatchObject(written);
    expect(await generator.check!(new AbortController().signal)).toMatchObject({ ok: true });
    expect(api.asked.map(({ path }) => path)).toEqual([
      "/v1beta/models/m:streamGenerateContent?alt=sse",
      "/v1beta/models/m",
    ]);
    expect(api.asked.every(({ headers }) => headers["x-goog-api-key"] === "sk-secret")).toBe(true);
    expect(JSON.parse(api.asked[0]!.body)).toMatchObject({ generationConfig: { seed: 99 } });
  });
});
