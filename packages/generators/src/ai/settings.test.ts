import { generateOnce, generateRequest } from "@sluice/engine/testing";
import { describe, expect, it } from "vitest";
import { declaredAi, failureOf } from "../testing/ai-peer.ts";
import { openAiServer } from "../testing/openai-server/server.ts";

describe("ai: settings", () => {
  it("are refused with a sentence where they do not go together", () => {
    const problem = (entry: Record<string, unknown>) => {
      try {
        declaredAi(entry);
      } catch (error) {
        return (error as Error).message;
      }
      return undefined;
    };
    expect(problem({})).toContain('needs a "base_url"');
    expect(problem({ provider: "openai" })).toBe(`The provider "openai" needs a key: api_key: \${OPENAI_API_KEY}.`);
    expect(problem({ provider: "anthropic", api_key: "k", output: "image" })).toContain("no image models");
    expect(problem({ base_url: "http://127.0.0.1/v1", schema: { type: "object" } })).toContain('"output: object"');
    expect(problem({ base_url: "http://127.0.0.1/v1", output: "object", schema: { type: "array" } })).toContain(
      "type: object",
    );
    expect(problem({ base_url: "127.0.0.1" })).toContain("must be an address");
    expect(problem({ base_url: "http://127.0.0.1/v1", timeout: "soon" })).toContain("span of time");
    expect(problem({ base_url: "http://127.0.0.1/v1", size: "big" })).toContain("1024x1024");
    expect(problem({ base_url: "http://127.0.0.1/v1", tempature: 1 })).toContain("tempature");
  });

  it("of a step are checked when its pipeline is loaded", () => {
    const generator = declaredAi({ base_url: "http://127.0.0.1/v1", models: { large: {} } });
    expect(generator.checkConfig(null)).toBeUndefined();
    expect(generator.checkConfig({ agent: "writer", description: "Draft", model: "large" })).toBeUndefined();
    expect(generator.checkConfig({ model: "huge" })).toBe(
      'The generator "writer" may not use the model "huge"; it has tiny, large. The operator adds others under its "models".',
    );
    expect(generator.checkConfig({ colour: "red" })).toContain('has no setting "colour"');
    expect(generator.checkConfig({ schema: { type: "object" } })).toContain("makes no objects");
    const objects = declaredAi({ base_url: "http://127.0.0.1/v1", output: "object" });
    expect(objects.checkConfig({})).toContain('"schema"');
    const lines = { type: "object", properties: { line: { type: "string", pattern: "(a+)+$" } } };
    expect(objects.checkConfig({ schema: lines })).toContain('no "pattern"');
    expect(objects.checkConfig({ schema: { type: "object", properties: { pattern: {} } } })).toBeUndefined();
  });

  it("without a key fail for good, and say which", async () => {
    const generator = declaredAi({ provider: "openai", api_key: "" });
    expect(await failureOf(generateOnce(generator, generateRequest()))).toMatchObject({
      retryable: false,
      message: expect.stringMatching(/^The key is missing: set/) as string,
    });
    expect(await generator.check!(new AbortController().signal)).toMatchObject({ ok: false });
  });
});

describe("ai: a look at the provider", () => {
  const look = (entry: Record<string, unknown>) => declaredAi(entry).check!(new AbortController().signal);

  it("says whether it is there, takes the key and has the model", async () => {
    await using server = await openAiServer({ apiKey: "sk-right-key", models: ["tiny", "llama3:latest"] });
    const entry = { base_url: server.url, api_key: "sk-right-key" };
    expect(await look(entry)).toMatchObject({
      ok: true,
      detail: expect.stringContaining('has the model "tiny"') as string,
    });
    expect(await look({ ...entry, model: "llama3" })).toMatchObject({ ok: true });
    expect(await look({ ...entry, model: "huge" })).toMatchObject({
      ok: false,
      detail: expect.stringContaining('has no model "huge". It has "tiny", "llama3:latest".') as string,
    });
    expect(await look({ ...entry, api_key: "sk-wrong-key" })).toMatchObject({
      ok: false,
      detail: expect.stringContaining("refuses the key") as string,
    });
  });

  it("is content with a server that lists no models, and tells of one that is gone", async () => {
    const server = await openAiServer({ models: null });
    expect(await look({ base_url: server.url })).toMatchObject({ ok: true });
    await server[Symbol.asyncDispose]();
    expect(await look({ base_url: server.url })).toMatchObject({
      ok: false,
      detail: expect.stringContaining("cannot be reached") as string,
    });
  });
});
