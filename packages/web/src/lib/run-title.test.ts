import { describe, expect, it } from "vitest";
import { runTitle } from "./run-title.ts";

const pipeline = { name: "Posters" };

describe("runTitle", () => {
  it("is the name that somebody gave", () => {
    expect(runTitle({ name: "Spring", prompt: "calm sea", pipeline })).toBe("Spring");
  });

  it("is the prompt where the name is only the pipeline's", () => {
    expect(runTitle({ name: "Posters", prompt: " calm sea\n at dusk ", pipeline })).toBe("calm sea at dusk");
  });

  it("cuts a long prompt between two words", () => {
    const prompt = "a calm and very wide sea at dusk, seen from the window of a slow night train";
    expect(runTitle({ name: "Posters", prompt, pipeline })).toBe(
      "a calm and very wide sea at dusk, seen from the window of a…",
    );
    expect(runTitle({ name: "Posters", prompt: "x".repeat(80), pipeline })).toBe(`${"x".repeat(60)}…`);
    expect(runTitle({ name: "Posters", prompt: `${"x".repeat(50)}, ${"y".repeat(50)}`, pipeline })).toBe(
      `${"x".repeat(50)}…`,
    );
  });

  it("is the pipeline's name where there is nothing else", () => {
    expect(runTitle({ name: "Posters", prompt: "", pipeline })).toBe("Posters");
  });
});
