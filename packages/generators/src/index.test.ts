import { createHash } from "node:crypto";
import type { GenerateRequest, Json } from "@sluice/engine";
import { GeneratorError } from "@sluice/engine";
import { generateOnce, generateRequest } from "@sluice/engine/testing";
import { afterAll, describe, expect, it } from "vitest";
import { builtinGenerators } from "./index.ts";

const builtin = builtinGenerators({ threads: 1 });
afterAll(() => builtin[Symbol.asyncDispose]());
const [cppn, grammar] = builtin.generators as [
  (typeof builtin.generators)[number],
  (typeof builtin.generators)[number],
];

const requestFor = (config: Json, change: Partial<GenerateRequest> = {}): GenerateRequest =>
  generateRequest({ step: { position: 1, name: "Form", description: null, config }, ...change });
const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const bytesOf = async (request: GenerateRequest) => (await generateOnce(cppn, request)).assets[0]!.bytes;

describe("built-in generators", () => {
  it("are called cppn, for images, and grammar, for texts", () => {
    expect(builtin.generators.map(({ name, media }) => [name, media])).toEqual([
      ["cppn", "image"],
      ["grammar", "text"],
    ]);
  });

  it("S4: give a retried job the same bytes, and another ordinal others", async () => {
    const config = { loci: "form", size: 96 };
    const first = sha(await bytesOf(requestFor(config)));
    expect(sha(await bytesOf(requestFor(config, { attempt: 3, jobId: 77 })))).toBe(first);
    expect(sha(await bytesOf(requestFor(config, { ordinal: 2 })))).not.toBe(first);
  });

  it("read what a round was sent back with as they read the notes of approvals", async () => {
    const comment = "Bolder, darker, in violet";
    const feedback = [{ round: 1, comment }];
    const config = { loci: "form", size: 64 };
    const asked = sha(await bytesOf(requestFor(config, { feedback })));
    expect(asked).toBe(sha(await bytesOf(requestFor(config, { notes: [comment] }))));
    expect(asked).not.toBe(sha(await bytesOf(requestFor(config))));
    const textOf = async (change: Partial<GenerateRequest>) =>
      (await generateOnce(grammar, requestFor(null, change))).text;
    const ordinals = Array.from({ length: 8 }, (_, index) => index + 1);
    const texts = (change: Partial<GenerateRequest>) =>
      Promise.all(ordinals.map((ordinal) => textOf({ ...change, ordinal })));
    expect(await texts({ feedback })).toEqual(await texts({ notes: [comment] }));
    expect(await texts({ feedback })).not.toEqual(await texts({}));
  });

  it("make a child from what was kept with its parent", async () => {
    const made = await generateOnce(cppn, requestFor({ size: 64 }));
    expect(JSON.stringify(made.meta).length).toBeLessThan(16_000);
    const parent = { id: 5, text: null, meta: JSON.parse(JSON.stringify(made.meta)) as Json, asset: null };
    const step = { position: 2, name: "Colour", description: null, config: { loci: "colour", size: 64 } };
    const child = await generateOnce(cppn, requestFor(null, { parent, step }));
    expect(child.meta.motif).toBe(made.meta.motif);
    expect(child.assets[0]!.mediaType).toBe("image/png");
  });

  it("start anew from a parent whose meta is not theirs", async () => {
    for (const meta of [null, 3, [], { genome: { v: 1 } }, { genome: "x" }] as Json[]) {
      const parent = { id: 5, text: "A quiet harbour", meta, asset: null };
      expect((await generateOnce(cppn, requestFor({ size: 64 }, { parent }))).assets).toHaveLength(1);
      expect((await generateOnce(grammar, requestFor(null, { parent }))).text).toMatch(/\w/);
    }
  });

  it("report progress up to 1", async () => {
    const { shares } = (await generateOnce(cppn, requestFor({ size: 64 }))).told;
    expect(shares.length).toBeGreaterThan(3);
    expect(shares.every((share) => share > 0 && share <= 1)).toBe(true);
  });

  it("stop when the candidate is no longer wanted", async () => {
    const controller = new AbortController();
    const making = generateOnce(cppn, requestFor({ size: 2048 }), {
      signal: controller.signal,
      onTold: () => controller.abort(),
    });
    await expect(making).rejects.toMatchObject({ name: "AbortError" });
  });

  it("say in sentences what is wrong with a step's settings", () => {
    expect(cppn.checkConfig(null)).toBeUndefined();
    expect(cppn.checkConfig({ loci: "colour", size: 256, strength: 0.5 })).toBeUndefined();
    expect(cppn.checkConfig({ loci: "shape" })).toBe(
      'The setting "loci" of the generator "cppn" must be one of form, variation, colour, finish.',
    );
    expect(cppn.checkConfig({ colour: "red" })).toBe(
      'The generator "cppn" has no setting "colour"; it has loci, size, strength.',
    );
    expect(cppn.checkConfig({ size: 10 })).toContain("must be at least 64 pixels.");
    expect(cppn.checkConfig({ size: 100.5 })).toContain("must be a whole number of pixels.");
    expect(cppn.checkConfig({ strength: "high" })).toContain("must be a number.");
    expect(cppn.checkConfig("form")).toContain("must be a mapping");
    expect(grammar.checkConfig({ form: "haiku", reroll: 3 })).toBeUndefined();
    expect(grammar.checkConfig({ form: "sonnet" })).toBe(
      'The setting "form" of the generator "grammar" must be one of tagline, haiku, brief.',
    );
    expect(grammar.checkConfig({ reroll: 0 })).toContain("must be at least 1.");
  });

  it("refuse a job with wrong settings for good", async () => {
    const error: unknown = await generateOnce(cppn, requestFor({ loci: "shape" })).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(GeneratorError);
    expect(error).toMatchObject({ retryable: false });
  });
});
