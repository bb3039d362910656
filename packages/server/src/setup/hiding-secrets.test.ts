import { type GenerateContext, type Generated, type GenerateRequest, GeneratorError, JobStopped } from "@sluice/engine";
import { describe, expect, it } from "vitest";
import { hidingSecrets } from "./hiding-secrets.ts";

const SECRET = "a-very-secret-word";
const hide = (text: string) => text.replaceAll(SECRET, "$" + "{KEY}");
const HIDDEN = "with $" + "{KEY}";
const words = `with ${SECRET}`;

const saying = (generate: (context: GenerateContext) => Promise<Generated>) =>
  hidingSecrets({
    hide,
    generator: {
      name: "a",
      media: "text",
      checkConfig: () => words,
      generate: (_request, context) => generate(context),
    },
  });

function run(generate: (context: GenerateContext) => Promise<Generated>) {
  const told: unknown[] = [];
  const context: GenerateContext = {
    signal: new AbortController().signal,
    progress: (...said) => void told.push(said),
    write: (text) => void told.push(text),
    log: (line) => void told.push(line),
    externalId: null,
    saveExternalId: async () => {},
    lease: () => Promise.reject(new Error("unused")),
  };
  return { told, made: saying(generate).generate({} as GenerateRequest, context) };
}

const thrown = async (error: unknown): Promise<unknown> =>
  await run(() => Promise.reject(error)).made.catch((problem: unknown) => problem);

describe("a generator of the operator's file", () => {
  it("tells nothing of what the environment holds while it works, or with what it made", async () => {
    const { told, made } = run(async ({ progress, write, log }) => {
      progress(0.5, words);
      progress(0.6);
      write(words);
      log(words);
      return { assets: [], text: "made", meta: {}, warnings: [words] };
    });
    expect(await made).toEqual({ assets: [], text: "made", meta: {}, warnings: [HIDDEN] });
    expect(told).toEqual([[0.5, HIDDEN, undefined], [0.6, undefined, undefined], HIDDEN, HIDDEN]);
    expect(saying(() => Promise.reject(new Error("unused"))).checkConfig({})).toBe(HIDDEN);
  });

  it("fails as it did, in other words", async () => {
    const cause = new Error("why");
    const error = await thrown(new GeneratorError(words, { retryable: true, usage: { costUsd: 1 }, cause }));
    expect(error).toBeInstanceOf(GeneratorError);
    expect(error).toMatchObject({ message: HIDDEN, retryable: true, usage: { costUsd: 1 }, cause });
  });

  it("fails without the secret where nobody expected it, in its stack neither", async () => {
    const error = (await thrown(new TypeError(words, { cause: words }))) as Error;
    expect([String(error), error.cause]).toEqual([`TypeError: ${HIDDEN}`, undefined]);
    expect(error.stack).not.toContain(SECRET);
    expect(String(await thrown(words))).toBe(`Error: ${HIDDEN}`);
  });

  it("leaves errors that hold no secret as they are", async () => {
    for (const error of [new JobStopped("unwanted"), new Error("plain"), "plain", undefined]) {
      expect(await thrown(error)).toBe(error);
    }
  });
});
