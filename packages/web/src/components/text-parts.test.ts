import { describe, expect, it } from "vitest";
import { type TextPart, textParts } from "./text-parts.ts";

const without = (parts: readonly TextPart[], side: TextPart["only"]) =>
  parts
    .filter(({ only }) => only !== side)
    .map(({ text }) => text)
    .join("");

describe("textParts", () => {
  it("marks the words that differ", () => {
    expect(textParts("Bread, baked at dawn.", "Bread, sold at dawn.")).toEqual([
      { text: "Bread, ", only: undefined },
      { text: "baked", only: "before" },
      { text: "sold", only: "after" },
      { text: " at dawn.", only: undefined },
    ]);
  });

  it("has one part for equal texts and none for empty ones", () => {
    expect(textParts("one\ntwo", "one\ntwo")).toEqual([{ text: "one\ntwo", only: undefined }]);
    expect(textParts("", "")).toEqual([]);
  });

  it.each([
    ["", "something"],
    ["something", ""],
    ["a  b\n\tc", "a b\nc "],
    ["Zwei Wörter – „neu“.", "Zwei Wörter, „alt“."],
    ["one\r\ntwo", "one\ntwo"],
    ["日本語の文", "日本語の長い文"],
  ])("gives both texts back to the letter: %j, %j", (before, after) => {
    const parts = textParts(before, after);
    expect(without(parts, "after")).toBe(before);
    expect(without(parts, "before")).toBe(after);
  });

  it("gives both texts back where it has no time to compare them", () => {
    const word = (_: unknown, index: number) => `w${index}`;
    const before = Array.from({ length: 4_000 }, word).join(" ");
    const after = Array.from({ length: 4_000 }, word).reverse().join("\n");
    const parts = textParts(before, after, 1);
    expect(without(parts, "after")).toBe(before);
    expect(without(parts, "before")).toBe(after);
  });
});
