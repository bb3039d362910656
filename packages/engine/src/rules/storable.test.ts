import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../errors.ts";
import { assertStorable, storableText } from "./storable.ts";

const nested = (depth: number): unknown => (depth === 0 ? "x" : [nested(depth - 1)]);

describe("assertStorable", () => {
  it.each([
    ["a null character", "a\0b", /null character/],
    ["half an emoji", "smile \ud83d", /half of a character/],
    ["either in a value", { a: [{ b: "\ud83d" }] }, /half of a character/],
    ["either in a key", { "a\0": 1 }, /null character/],
    ["too many levels", nested(101), /more than 100 levels/],
  ])("refuses %s", (_what, value, message) => {
    expect(() => assertStorable(value, "The comment", "comment")).toThrow(message);
    expect(() => assertStorable(value, "The comment", "comment")).toThrow(InvalidInputError);
  });

  it.each([
    ["whole emojis", "smile 😀"],
    ["the letters of an escape", "\\u0000 and \\ud83d"],
    ["numbers, booleans, nothing", { a: 1, b: true, c: null }],
    ["a hundred levels", nested(100)],
  ])("accepts %s", (_what, value) => {
    expect(() => assertStorable(value, "The comment", "comment")).not.toThrow();
  });
});

describe("storableText", () => {
  it("leaves no half of an emoji where it cuts", () => {
    expect(storableText("ab😀", 3).isWellFormed()).toBe(true);
  });
});
