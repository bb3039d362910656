import { describe, expect, it } from "vitest";
import { nestedDeeperThan } from "./yaml-nesting.ts";

describe("nestedDeeperThan", () => {
  it.each<[string, string, number | undefined]>([
    ["brackets", "a: [[[1]]]", 5],
    ["brackets that are never closed", "[[[[[", 2],
    ["braces", "{ a: { b: { c: 1 } } }", 10],
    ["brackets that a comment seems to close", "[ # ]\n[ # ]\n[", 12],
    ["brackets that a text seems to close", '[ "]", [ "]", [', 14],
    ["dashes of one line", "- - - a", 4],
    ["keys of keys", "? ? ? a", 4],
    ["brackets after a text that is folded", "a: >\n  b\nc: [[[", 14],
  ])("%s", (_what, text, offset) => {
    expect(nestedDeeperThan(text, 2)).toBe(offset);
  });

  it.each<[string, string]>([
    ["brackets that are closed again", "[[1], [2], [3]]"],
    ["brackets in a text", 'a: "[[[["\nb: "{{{{"'],
    ["brackets in a comment", "a: 1 # [[[[ {{{{"],
    ["brackets in a block of text", "a: |\n  [[[[\n  {{{{\n"],
    ["a block of text that is one bracket", "- |\n [\n- |\n [\n- |\n ["],
    ["dashes of several lines", "- a\n- b\n- c\r\n- d"],
    ["an empty text", ""],
  ])("is not misled by %s", (_what, text) => {
    expect(nestedDeeperThan(text, 2)).toBeUndefined();
  });
});
