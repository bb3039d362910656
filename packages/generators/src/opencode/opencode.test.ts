import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type GenerateRequest, type Generator, GeneratorError, JobStopped } from "@sluice/engine";
import { generateOnce, generateRequest } from "@sluice/engine/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { OpenAiAnswer, OpenAiRequest } from "../testing/openai-server/answers.ts";
import { type OpenAiServer, openAiServer, tinyPng } from "../testing/openai-server/server.ts";
import { toolCall } from "../testing/opencode-server/model-answers.ts";
import { type OpencodeServer, opencodeServer } from "../testing/opencode-server/server.ts";
import { opencodeGenerator } from "./generator.ts";
import { type OpencodeSettings, opencodeSettings } from "./settings.ts";

const hang: OpenAiAnswer = { text: ["It "], pace: () => new Promise(() => {}) };

let models: OpenAiServer;
let opencode: OpencodeServer;
/** Answers the model's next requests; the last one answers all that follow. */
let script: OpenAiAnswer[] = [];

beforeAll(async () => {
  models = await openAiServer({
    answer: () => (script.length > 1 ? script.shift() : script[0]) ?? { text: ["It ", "rains."] },
  });
  opencode = await opencodeServer(models.url);
  // The first session of a server waits until everything is loaded.
  await generateOnce(generator(), request());
}, 400_000);
afterAll(async () => {
  await opencode?.[Symbol.asyncDispose]();
  await models?.[Symbol.asyncDispose]();
});
afterEach(async () => {
  script = [];
  await rm(join(opencode.directory, "made.txt"), { force: true });
});

function generator(change: Partial<OpencodeSettings> = {}): Generator {
  const { url, password, directory } = opencode;
  return opencodeGenerator("coder", opencodeSettings.parse({ url, password, directory, ...change }));
}

function request(
  config: GenerateRequest["step"]["config"] = {},
  change: Partial<GenerateRequest> = {},
): GenerateRequest {
  return generateRequest({ step: { position: 1, name: "Draft", description: null, config }, ...change });
}

/** The error that the generator ends with. */
async function failure(making: Promise<unknown>): Promise<GeneratorError> {
  const error = await making.then(
    () => new Error("It made something."),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GeneratorError);
  return error as GeneratorError;
}

async function newRequest(): Promise<OpenAiRequest> {
  return await models.request(models.requests.length + 1);
}

const sessions = async () => ((await opencode.ask("/session")) as { id: string }[]).map(({ id }) => id);

describe("a candidate", () => {
  it("is the agent's text, shown while it is written, with what it cost and which session it is from", async () => {
    const config = { agent: "poet", systemPromptAdditions: "Be brief.", description: "Write a line" };
    const made = await generateOnce(generator(), request(config));
    expect(made).toMatchObject({
      assets: [],
      text: "It rains.",
      meta: { generator: "opencode", agent: "build", model: "test/small", diff: [] },
      usage: { model: "test/small", inputTokens: 100, outputTokens: 20 },
      warnings: [],
    });
    expect(made.usage?.costUsd).toBeCloseTo(0.00014);
    expect(made.told.texts.at(-1)).toBe("It rains.");
    expect(made.told.externalIds).toEqual([made.meta.sessionId]);
    expect(await sessions()).toContain(made.meta.sessionId);
    const told = models.requests.at(-1)?.told;
    expect(told).toContain("sunset over the sea");
    expect(told).toContain("Be brief.");
    expect(told).toContain("Write a line");
  });

  it("is made by the agent and the model that the step names, and by the agent's own model before the default one", async () => {
    const own = await generateOnce(generator({ default_model: "test/small" }), request({ opencodeAgent: "writer" }));
    expect(own.meta).toMatchObject({ agent: "writer", model: "test/large" });
    expect(models.requests.at(-1)?.told).toContain("You write.");
    const named = await generateOnce(generator(), request({ opencodeAgent: "writer", model: "test/small" }));
    expect(named.meta).toMatchObject({ agent: "writer", model: "test/small" });
  });

  it("has a session of its own: nothing of another one is in its prompt", async () => {
    await generateOnce(generator(), request({}, { run: { id: 1, name: "One", prompt: "about snow", variables: {} } }));
    await generateOnce(generator(), request({}, { run: { id: 2, name: "Two", prompt: "about wind", variables: {} } }));
    expect(models.requests.at(-1)?.told).not.toContain("about snow");
  });

  it("shows the parent's picture to a model that takes pictures, and says so where it takes none", async () => {
    const bytes = () => Promise.resolve(tinyPng);
    const parent = { id: 3, text: null, meta: {}, asset: { mediaType: "image/png", bytes } };
    const seen = await generateOnce(generator(), request({ model: "test/large" }, { parent }));
    expect(seen.warnings).toEqual([]);
    expect(JSON.stringify(models.requests.at(-1)?.body)).toContain("data:image/png;base64,");
    const unseen = await generateOnce(generator(), request({ model: "test/small" }, { parent }));
    expect(unseen.warnings).toEqual([expect.stringContaining("not shown the parent's picture")]);
  });
});

describe("what an agent may do", () => {
  it("is nothing, where nothing is said: the model is offered no tool that could", async () => {
    await generateOnce(generator(), request());
    expect(models.requests.at(-1)?.body.tools ?? []).toEqual([]);
  });

  it("is what the permissions allow; the change is kept with the candidate", async () => {
    script = [
      toolCall("write", { filePath: join(opencode.directory, "made.txt"), content: "hello\n" }),
      { text: ["Done."] },
    ];
    const made = await generateOnce(generator({ permissions: { edit: "allow" } }), request());
    expect(made.text).toBe("Done.");
    expect(made.warnings).toEqual([]);
    expect(made.meta.diff).toEqual([
      { file: "made.txt", status: "added", additions: 1, deletions: 0, patch: expect.stringContaining("+hello") },
    ]);
    expect(made.told.log).toContain("write: done");
    expect(made.usage).toMatchObject({ inputTokens: 200, outputTokens: 40 });
  });

  it("is not asked for: an ask is refused, and noted with the candidate", async () => {
    script = [
      toolCall("write", { filePath: join(opencode.directory, "made.txt"), content: "hello\n" }),
      { text: ["I could not."] },
    ];
    const made = await generateOnce(generator({ permissions: { edit: "ask" } }), request());
    expect(made.text).toBe("I could not.");
    const sentence = expect.stringMatching(/^The agent asked for the permission "edit" \(made\.txt\), and was refused/);
    expect(made.warnings).toEqual([sentence]);
    expect(made.told.messages).toContainEqual(sentence);
    expect(made.told.log).toContainEqual(sentence);
    expect(existsSync(join(opencode.directory, "made.txt"))).toBe(false);
  });

  it("is nothing in sessions that the agent begins for parts of its work; what they cost counts", async () => {
    const task = toolCall("task", { description: "Write it", prompt: "Write the file", subagent_type: "reader" });
    const write = toolCall("write", { filePath: join(opencode.directory, "made.txt"), content: "hello\n" });
    script = [task, write, { text: ["I could not."] }, { text: ["Nor could I."] }];
    const made = await generateOnce(generator({ permissions: { task: "allow", edit: "allow" } }), request());
    expect(existsSync(join(opencode.directory, "made.txt"))).toBe(false);
    expect(made.text).toBe("Nor could I.");
    // Two answers of each of the two.
    expect(made.usage).toMatchObject({ inputTokens: 400, outputTokens: 80 });
  });

  it("is not asking questions: one ends the attempt, which says what was asked", async () => {
    script = [
      toolCall("question", {
        questions: [{ question: "Which sea?", header: "Sea", options: [{ label: "North", description: "Cold" }] }],
      }),
    ];
    const error = await failure(generateOnce(generator({ permissions: { question: "allow" } }), request()));
    expect(error.retryable).toBe(true);
    expect(error.message).toContain("Which sea?");
  });
});

describe("what is wrong", () => {
  it.each([
    ["an unknown agent", { opencodeAgent: "nobody" }, 'no agent named "nobody". There are: build'],
    ["an agent for other agents", { opencodeAgent: "reader" }, '"reader" works for other agents only'],
    ["an unknown model", { model: "test/huge" }, 'has no model "huge". It has: small, large.'],
    [
      "an unknown provider",
      { model: "nobody/huge" },
      'no provider "nobody" (of the model nobody/huge), or no key for it. There is: test.',
    ],
  ])("is found before a session is made: %s", async (_what, config, sentence) => {
    const before = await sessions();
    const error = await failure(generateOnce(generator(), request(config)));
    expect(error).toMatchObject({ retryable: false, message: expect.stringContaining(sentence) });
    expect(await sessions()).toEqual(before);
  });

  it.each([
    ["no server", () => generator({ url: "http://127.0.0.1:4" }), true, "does not answer (ECONNREFUSED)"],
    ["a wrong password", () => generator({ password: "wrong" }), false, "refuses the user name and password"],
    ["no OpenCode", () => generator({ url: models.url }), false, "does not answer like OpenCode"],
  ])("is told without the address and the password: %s", async (_what, make, retryable, sentence) => {
    const error = await failure(generateOnce(make(), request()));
    expect(error).toMatchObject({ retryable, message: expect.stringContaining(sentence) });
    expect(error.message).not.toMatch(/127\.0\.0\.1|wrong/);
    expect(await make().check!(new AbortController().signal)).toMatchObject({ ok: false });
  });

  it.each<[string, OpenAiAnswer, boolean, string]>([
    ["a key that is refused", { status: 401, message: "bad key" }, false, "no valid key"],
    [
      "a prompt that is too long",
      { status: 400, message: "maximum context length is 4096 tokens", code: "context_length_exceeded" },
      false,
      "longer than the model takes",
    ],
    ["a request that is refused", { status: 422, message: "no such option" }, false, "HTTP 422 (no such option)"],
    ["an answer without a text", { text: [""] }, true, "wrote nothing"],
  ])("is told with whether to try again, and its session deleted: %s", async (_what, answer, retryable, sentence) => {
    script = [answer];
    const before = await sessions();
    const error = await failure(generateOnce(generator(), request()));
    expect(error).toMatchObject({ retryable, message: expect.stringContaining(sentence) });
    expect(await sessions()).toEqual(before);
  });

  it("is left to the queue after the provider failed three times in a row", { timeout: 60_000 }, async () => {
    script = [{ status: 500, message: "boom" }];
    const messages: string[] = [];
    const error = await failure(
      generateOnce(generator(), request(), { onTold: (told) => void messages.splice(0, 99, ...told.messages) }),
    );
    expect(error).toMatchObject({
      retryable: true,
      message: expect.stringContaining("failed 3 times in a row (boom)"),
    });
    expect(messages).toContainEqual(expect.stringContaining("OpenCode asks it again"));
  });

  it("is an agent that takes too long: it is stopped, its session deleted, and the model no longer asked", async () => {
    script = [hang];
    const asked = newRequest();
    const before = await sessions();
    const error = await failure(generateOnce(generator({ timeout: "4s" }), request()));
    expect(error).toMatchObject({ retryable: true, message: expect.stringContaining("not done after 4s") });
    await (await asked).hungUp;
    expect(await sessions()).toEqual(before);
  });

  it("is a text cut off at the model's limit, which the candidate says", async () => {
    script = [{ text: ["It ra"], finishReason: "length" }];
    const made = await generateOnce(generator(), request());
    expect(made.text).toBe("It ra");
    expect(made.warnings).toEqual([expect.stringContaining("output limit")]);
  });
});

describe("a job that is stopped", () => {
  it("stops the agent and deletes its session when nobody wants the candidate", async () => {
    script = [hang];
    const asked = newRequest();
    const before = await sessions();
    const stop = new AbortController();
    const making = generateOnce(generator(), request(), { signal: stop.signal });
    const settled = making.catch((reason: unknown) => reason);
    const { hungUp } = await asked;
    stop.abort(new JobStopped("unwanted"));
    expect(await settled).toBe(stop.signal.reason);
    await hungUp;
    expect(await sessions()).toEqual(before);
  });

  it("leaves the agent at work when the worker ends; the next attempt waits for it instead of asking again", async () => {
    let go = () => {};
    const gone = new Promise<void>((resolve) => {
      go = resolve;
    });
    script = [{ text: ["It ", "rains."], pace: (sent) => (sent === 0 ? Promise.resolve() : gone) }];
    const stop = new AbortController();
    let externalId = "";
    const first = generateOnce(generator(), request(), {
      signal: stop.signal,
      onTold: ({ externalIds, texts }) => {
        externalId = externalIds[0] ?? "";
        if (texts.length > 0) stop.abort(new JobStopped("worker-ends"));
      },
    });
    expect(await first.catch((reason: unknown) => reason)).toBe(stop.signal.reason);
    const asked = models.requests.length;
    const resumed = await generateOnce(generator(), request(), {
      externalId,
      onTold: ({ log }) => {
        if (log.length > 0) go();
      },
    });
    expect(resumed.text).toBe("It rains.");
    expect(resumed.meta.sessionId).toBe(externalId);
    expect(resumed.told.texts.at(-1)).toMatch(/rains\.$/);
    expect(models.requests).toHaveLength(asked);
  });

  it("takes what became of the agent's work while no worker was there", async () => {
    const made = await generateOnce(generator(), request());
    const asked = models.requests.length;
    const again = await generateOnce(generator(), request(), { externalId: made.meta.sessionId as string });
    expect(again).toMatchObject({ text: made.text, meta: made.meta, usage: made.usage });
    expect(models.requests).toHaveLength(asked);
  });

  it("begins anew where the session is gone", async () => {
    const made = await generateOnce(generator(), request(), { externalId: "ses_0000000000000000000000000" });
    expect(made.text).toBe("It rains.");
    expect(made.told.externalIds).toEqual([made.meta.sessionId]);
  });
});

describe("check", () => {
  it("says the version, and the agent and model that steps get", async () => {
    const health = await generator().check!(new AbortController().signal);
    expect(health).toEqual({
      ok: true,
      version: expect.stringMatching(/^1\./),
      detail: expect.stringContaining("its agent build works with test/small"),
    });
  });

  it("says which agent or model is missing", async () => {
    const health = await generator({ default_agent: "nobody" }).check!(new AbortController().signal);
    expect(health).toMatchObject({ ok: false, detail: expect.stringContaining('no agent named "nobody"') });
  });
});

// The last one, since it takes the server down.
it("tries again when OpenCode crashes: nothing goes on in its session after that", { timeout: 200_000 }, async () => {
  script = [hang, { text: ["It ", "rains."] }];
  const asked = newRequest();
  const making = failure(generateOnce(generator(), request()));
  await asked;
  await opencode.kill();
  await opencode.start();
  const error = await making;
  expect(error).toMatchObject({ retryable: true, message: expect.stringContaining("its server was restarted") });
  const made = await generateOnce(generator(), request({}, { attempt: 1 }));
  expect(made.text).toBe("It rains.");
});
