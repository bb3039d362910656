import { describe, expect, it } from "vitest";
import { syllables, topicOf } from "./topic.ts";

describe("topic", () => {
  it.each([
    ["A tagline for a coffee shop in Lisbon", "a coffee shop in Lisbon", "shop"],
    ["Write a haiku about winter mountains", "winter mountains", "mountains"],
    ["sunset over the sea", "sunset over the sea", "sunset"],
    ["A small bakery, calm and warm", "a small bakery", "bakery"],
    ["a cat that rides a bicycle", "a cat", "cat"],
    ["Please write me a short brief for our new website", "our new website", "website"],
    ["Waves", "waves", "waves"],
    ["NASA's next rocket", "NASA's next rocket", "rocket"],
  ])("of “%s” is “%s”", (prompt, phrase, word) => {
    expect(topicOf(prompt)).toMatchObject({ phrase, word });
  });

  it("is something to write about even where the prompt is empty or no words", () => {
    for (const prompt of ["", "   ", "!!! 🎉", "the of in"]) expect(topicOf(prompt).phrase).toBe("new ideas");
  });

  it("stays short, whatever the prompt", () => {
    expect(topicOf("word ".repeat(400)).phrase.split(" ").length).toBeLessThanOrEqual(6);
  });
});

describe("syllables", () => {
  it.each([
    ["rain", 1],
    ["winter", 2],
    ["bicycle", 3],
    ["evening", 2],
    ["table", 2],
    ["waves", 1],
    ["photography", 4],
    ["the old gardener", 5],
  ])("of “%s” are %i", (text, count) => {
    expect(syllables(text)).toBe(count);
  });
});
