import { describe, expect, it } from "vitest";
import { syllables } from "./topic.ts";
import { forms, parseTextGenome, type TextGenome, type WriteOrder, write } from "./write.ts";

const orderFor = (change: Partial<WriteOrder> = {}): WriteOrder => ({
  run: 1,
  step: 1,
  parent: null,
  ordinal: 1,
  form: "tagline",
  reroll: 2,
  prompt: "electric bicycles",
  notes: [],
  ...change,
});
const parentOf = (made: { text: string; genome: TextGenome }, id = 5) => ({ id, text: made.text, genome: made.genome });

describe("grammar", () => {
  it.each(forms)("writes the same %s for the same order", (form) => {
    expect(write(orderFor({ form }))).toEqual(write(orderFor({ form })));
  });

  it.each(forms)("never writes two siblings alike: %s", (form) => {
    const texts = Array.from({ length: 60 }, (_, i) => write(orderFor({ form, ordinal: i + 1 })).text);
    expect(new Set(texts).size).toBe(60);
  });

  it.each([
    ["tagline", 0.85],
    ["haiku", 0.95],
    ["brief", 1],
  ] as const)("hardly repeats a %s between runs", (form, share) => {
    const texts = Array.from({ length: 300 }, (_, run) => write(orderFor({ form, run })).text);
    expect(new Set(texts).size / 300).toBeGreaterThanOrEqual(share);
  });

  it.each(forms)("re-rolls parts of the parent, and keeps others: %s", (form) => {
    const made = write(orderFor({ form, run: 3 }));
    let kept = 0;
    for (let ordinal = 1; ordinal <= 20; ordinal++) {
      const child = write(orderFor({ form, run: 3, step: 2, ordinal, reroll: 1, parent: parentOf(made) }));
      expect(child.text).not.toBe(made.text);
      const words = new Set(made.text.toLowerCase().match(/\p{L}+/gu));
      const shared = (child.text.toLowerCase().match(/\p{L}+/gu) ?? []).filter((word) => words.has(word)).length;
      if (shared / words.size > 0.4) kept += 1;
    }
    expect(kept).toBeGreaterThanOrEqual(14);
  });

  it("weaves the prompt's topic in, and stays with it when a child is made", () => {
    for (let run = 0; run < 30; run++) {
      const made = write(orderFor({ run, prompt: "A tagline for a coffee shop in Lisbon" }));
      expect(made.text.toLowerCase()).toContain("a coffee shop in lisbon");
      const child = write(orderFor({ run, step: 2, prompt: "something else", parent: parentOf(made) }));
      expect(child.text.toLowerCase()).toContain("a coffee shop in lisbon");
    }
  });

  it("begins every sentence with a capital, ends it, and leaves no symbol behind", () => {
    for (const form of forms) {
      for (let run = 0; run < 80; run++) {
        const { text } = write(orderFor({ form, run, prompt: run % 2 ? "a small bakery" : "slow mornings" }));
        expect(text).not.toMatch(/\ba (?:honest|unhurried|attentive|exact)\b/i);
        expect(text).not.toMatch(/[{}|#~/]|undefined|\s{2,}[a-z]|\.\.|,,| ,| \./);
        for (const line of text.split("\n").filter((part) => part !== "")) {
          expect(line).toMatch(/^\p{Lu}/u);
          for (const start of line.matchAll(/[.?!] (.)/g)) expect(start[1]).toMatch(/\p{Lu}/u);
        }
        if (form === "tagline") expect(text).toMatch(/[.?]$/);
      }
    }
  });

  it.each(["waves", "winter mountains", "coffee", "bicycle", "photography"])(
    "counts 5, 7, 5 syllables in a haiku about %s",
    (prompt) => {
      for (let run = 0; run < 40; run++) {
        const lines = write(orderFor({ form: "haiku", run, prompt })).text.split("\n");
        expect(lines).toHaveLength(3);
        expect(lines.map(syllables), lines.join(" / ")).toEqual([5, 7, 5]);
      }
    },
  );

  it("is bolder after a note that asks for it", () => {
    const bold =
      /nerve|courage|no compromise|guesswork|excuses|brave|fearless|wild|sharp|volume|straight to the point|your own terms|against the odds|starting today|see for yourself|say yes|less|forget|all /i;
    const count = (notes: readonly string[]) =>
      Array.from({ length: 120 }, (_, run) => write(orderFor({ run, notes })).text).filter((text) => bold.test(text))
        .length;
    expect(count(["Bolder and louder, please"])).toBeGreaterThan(count(["too loud, not so bold"]) + 25);
  });

  it("starts anew from a parent that another generator made, about its text", () => {
    const other = { id: 8, text: "A harbour at night", genome: null };
    const made = write(orderFor({ prompt: "", parent: other }));
    expect(made.text.toLowerCase()).toContain("a harbour at night");
    expect(write(orderFor({ prompt: "", parent: other }))).toEqual(made);
  });

  it("starts anew from a tree that is not of its grammar", () => {
    const made = write(orderFor());
    const foreign = { ...made.genome, tree: { symbol: "root", text: "<b>{plea}</b>", children: [] } };
    const child = write(orderFor({ step: 2, parent: { id: 2, text: "x", genome: foreign } }));
    expect(child.text).not.toContain("<b>");
    expect(child.text.toLowerCase()).toContain("electric bicycles");
  });

  it("reads back the genomes that it wrote, and nothing else", () => {
    const { genome } = write(orderFor({ form: "brief" }));
    expect(parseTextGenome(JSON.parse(JSON.stringify(genome)))).toEqual(genome);
    for (const other of [null, 4, "text", {}, { ...genome, v: 2 }, { ...genome, tree: { symbol: 1 } }]) {
      expect(parseTextGenome(other)).toBeNull();
    }
  });
});
