import { describe, expect, it } from "vitest";
import { aiPeer, failureOf, parentOf, stepWith } from "../testing/ai-peer.ts";
import { tinyPng } from "../testing/openai-server/server.ts";

describe("ai: texts", () => {
  it("are shown while they are written, and come with their model, tokens and cost", async () => {
    await using kit = await aiPeer();
    kit.server.next({ text: ["It ", "rains", "."], usage: { input: 2_000, output: 500 } });
    const made = await kit.generate({ prices: { input: 1, output: 4 }, temperature: 0.5, max_output_tokens: 200 });
    expect(made.text).toBe("It rains.");
    expect(made.told.texts).toEqual(["It ", "It rains", "It rains."]);
    expect(made.usage).toEqual({ model: "tiny", inputTokens: 2_000, outputTokens: 500, costUsd: 0.004 });
    expect(made.warnings).toEqual([]);
    expect(kit.server.requests[0]!.body).toMatchObject({ model: "tiny", temperature: 0.5, max_tokens: 200, seed: 99 });
    expect(kit.server.requests[0]!.told).toBe("sunset over the sea");
  });

  it("are told the parent's text, the comments, and what the operator wrote for the step and its agent", async () => {
    await using kit = await aiPeer();
    const config = {
      agent: "writer",
      systemPromptAdditions: "Be brief.",
      opencodeAgent: "build",
      description: "Polish",
    };
    await kit.generate(
      { instructions: "You write for children." },
      { step: stepWith(config), parent: parentOf("A first draft"), notes: ["Less wind"], ordinal: 3 },
    );
    const { body, told } = kit.server.requests[0]!;
    expect((body.messages as { role: string; content: string }[])[0]).toEqual({
      role: "system",
      content: "You write for children.\n\nBe brief.",
    });
    for (const part of ["sunset over the sea", "A first draft", "Less wind", "Polish", "variant 3"]) {
      expect(told).toContain(part);
    }
  });

  it("are told the parent's image, unless the model takes none", async () => {
    await using kit = await aiPeer();
    const parent = parentOf(null, tinyPng);
    await kit.generate({}, { parent });
    await kit.generate({ parent_image: false }, { parent });
    const contents = kit.server.requests.map(({ body }) => (body.messages as { content: unknown }[])[0]!.content);
    const url = `data:image/png;base64,${Buffer.from(tinyPng).toString("base64")}`;
    expect(contents[0]).toContainEqual({ type: "image_url", image_url: { url } });
    expect(contents[1]).toBe("sunset over the sea");
  });

  it("warn when the limit or a filter has cut them off, and fail for good when nothing is left", async () => {
    await using kit = await aiPeer();
    kit.server.next({ text: ["Half a"], finishReason: "length" }, { text: ["Half"], finishReason: "content_filter" });
    expect((await kit.generate()).warnings).toEqual(["The text was cut off by max_output_tokens."]);
    expect((await kit.generate()).warnings).toEqual(["The provider's content filter cut the text off."]);
    kit.server.next(
      { text: [], finishReason: "length" },
      { text: [], finishReason: "content_filter" },
      { text: [" "] },
    );
    expect(await failureOf(kit.generate())).toMatchObject({ retryable: false, usage: { inputTokens: 100 } });
    expect(await failureOf(kit.generate())).toMatchObject({ retryable: false });
    expect(await failureOf(kit.generate())).toMatchObject({
      retryable: true,
      message: "The model answered with nothing.",
    });
  });

  it("of more than a million characters are stopped", async () => {
    await using kit = await aiPeer();
    kit.server.next({ text: Array.from({ length: 30 }, () => "x".repeat(50_000)) });
    expect(await failureOf(kit.generate())).toMatchObject({
      retryable: false,
      message: expect.stringContaining("max_output_tokens") as string,
    });
  });
});

describe("ai: objects", () => {
  const schema = {
    type: "object",
    properties: { title: { type: "string" }, lines: { type: "array", items: { type: "string" } } },
    required: ["title", "lines"],
    additionalProperties: false,
  };

  it("are JSON that fits the schema", async () => {
    await using kit = await aiPeer();
    kit.server.next({ text: ['{"title":"Rain",', '"lines":["It falls"]}'] });
    const made = await kit.generate({ output: "object", schema });
    expect(made.meta.object).toEqual({ title: "Rain", lines: ["It falls"] });
    expect(JSON.parse(made.text!)).toEqual(made.meta.object);
    expect(kit.server.requests[0]!.body.response_format).toMatchObject({
      type: "json_schema",
      json_schema: { schema },
    });
  });

  it("that do not fit are asked for again; those that were cut off are not", async () => {
    await using kit = await aiPeer();
    kit.server.next(
      { text: ['{"title":3,"lines":[]}'] },
      { text: ["Sure!"] },
      { text: ['{"ti'], finishReason: "length" },
    );
    const entry = { output: "object", schema, prices: { input: 10, output: 0 } };
    expect(await failureOf(kit.generate(entry))).toMatchObject({
      retryable: true,
      message: expect.stringMatching(/does not fit the schema: .*title/s) as string,
      usage: { costUsd: 0.001 },
    });
    expect(await failureOf(kit.generate(entry))).toMatchObject({ retryable: true });
    expect(await failureOf(kit.generate(entry))).toMatchObject({ retryable: false });
  });

  it("are described in words to a server that takes no schema", async () => {
    await using kit = await aiPeer();
    kit.server.next({ text: ['{"title":"Rain","lines":[]}'] });
    const made = await kit.generate({ output: "object", schema, structured_outputs: false });
    expect(made.meta.object).toEqual({ title: "Rain", lines: [] });
    expect(kit.server.requests[0]!.told).toContain('"required":["title","lines"]');
  });
});
