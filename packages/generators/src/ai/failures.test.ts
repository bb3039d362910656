import { JobStopped } from "@sluice/engine";
import { generateOnce, generateRequest } from "@sluice/engine/testing";
import { describe, expect, it } from "vitest";
import { aiPeer, declaredAi, failureOf } from "../testing/ai-peer.ts";
import { openAiServer } from "../testing/openai-server/server.ts";

describe("ai: failures", () => {
  it("of the server are retried by the queue, not by the SDK", async () => {
    await using kit = await aiPeer();
    kit.server.next({ status: 500, message: "overloaded" });
    expect(await failureOf(kit.generate())).toMatchObject({
      name: "GeneratorError",
      retryable: true,
      message: expect.stringContaining("answered 500: overloaded.") as string,
    });
    expect(kit.server.requests).toHaveLength(1);
  });

  it("of a wrong request, model or key are not; the key is in no message", async () => {
    await using kit = await aiPeer({ apiKey: "sk-right-key" });
    const wrongKey = await failureOf(kit.generate({ api_key: "sk-wrong-key" }));
    expect(wrongKey).toMatchObject({ retryable: false, message: expect.stringContaining("refused the key") as string });
    expect((wrongKey as Error).message).not.toContain("sk-wrong-key");
    kit.server.next({ status: 404, message: "No model tiny" }, { status: 400, message: "Bad temperature" });
    const right = { api_key: "sk-right-key" };
    expect(await failureOf(kit.generate(right))).toMatchObject({
      retryable: false,
      message: expect.stringContaining('knows no model "tiny"') as string,
    });
    expect(await failureOf(kit.generate(right))).toMatchObject({ retryable: false });
  });

  it("are redirects too: the key is not taken elsewhere, neither by a job nor by a check", async () => {
    await using elsewhere = await aiPeer();
    const location = `${elsewhere.server.url}/chat/completions`;
    await using kit = await aiPeer({
      models: null,
      files: { "/v1/models": { status: 307, message: "", location: `${elsewhere.server.url}/models` } },
    });
    kit.server.next({ status: 307, message: "Moved", location });
    expect(await failureOf(kit.generate({ api_key: "sk-right-key" }))).toMatchObject({
      retryable: false,
      message: expect.stringContaining("a redirect") as string,
    });
    expect(elsewhere.server.requests).toEqual([]);
    const { signal } = new AbortController();
    expect(await declaredAi({ base_url: kit.server.url }).check?.(signal)).toMatchObject({
      ok: false,
      detail: expect.stringContaining("a redirect") as string,
    });
  });

  it("by a rate limit are waited out where the server says for how long, and retried where it does not", async () => {
    await using kit = await aiPeer();
    kit.server.next({ status: 429, message: "Slow down", retryAfter: "1" });
    const made = await kit.generate();
    expect(made.text).toBe("It rains.");
    expect(made.told.log).toEqual(["Rate limit: waits 1 s."]);
    kit.server.next({ status: 429, message: "Slow down" }, { status: 429, message: "Slow down", retryAfter: "3600" });
    expect(await failureOf(kit.generate())).toMatchObject({ retryable: true });
    expect(await failureOf(kit.generate())).toMatchObject({ retryable: true });
    kit.server.next({ status: 429, message: "No credit", code: "insufficient_quota" });
    expect(await failureOf(kit.generate())).toMatchObject({ retryable: false });
  });

  it("in the middle of an answer are retried: a cut stream, a closed connection, an answer that is no JSON", async () => {
    await using kit = await aiPeer();
    kit.server.next({ text: ["It ", "ra"], cut: true });
    expect(await failureOf(kit.generate())).toMatchObject({ name: "GeneratorError", retryable: true });
    kit.server.next({ drop: true });
    expect(await failureOf(kit.generate())).toMatchObject({ name: "GeneratorError", retryable: true });
    kit.server.next({ raw: "<html>", contentType: "text/html" });
    expect(await failureOf(kit.generate({ output: "image" }))).toMatchObject({
      name: "GeneratorError",
      retryable: true,
    });
    kit.server.next({ raw: 'data: {"error":{"message":"Out of memory"}}\n\n', contentType: "text/event-stream" });
    expect(await failureOf(kit.generate())).toMatchObject({
      name: "GeneratorError",
      retryable: true,
      message: expect.stringContaining("Out of memory") as string,
    });
  });

  it("to answer in time are retried, and the request is given up", async () => {
    await using kit = await aiPeer();
    kit.server.next({ hang: true });
    expect(await failureOf(kit.generate({ timeout: "1s" }))).toMatchObject({
      retryable: true,
      message: expect.stringContaining("within 1 s") as string,
    });
    await kit.server.requests[0]!.hungUp;
  });

  it("to be reached name the address", async () => {
    const gone = await openAiServer();
    await gone[Symbol.asyncDispose]();
    const error = await failureOf(generateOnce(declaredAi({ base_url: gone.url }), generateRequest()));
    expect(error).toMatchObject({ retryable: true, message: expect.stringContaining('"base_url"') as string });
  });

  it("are none when the job is stopped: the request ends there and then", async () => {
    for (const why of ["unwanted", "worker-ends"] as const) {
      await using kit = await aiPeer();
      const stop = new AbortController();
      kit.server.next({ text: ["It ", "rains"], pace: () => kit.server.requests[0]!.hungUp });
      const making = kit.generate(
        {},
        {},
        { signal: stop.signal, onTold: ({ texts }) => texts[0] && stop.abort(new JobStopped(why)) },
      );
      await expect(making).rejects.toBeInstanceOf(JobStopped);
      await kit.server.requests[0]!.hungUp;
    }
  });
});
