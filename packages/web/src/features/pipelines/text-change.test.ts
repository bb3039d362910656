import { expect, it } from "vitest";
import { changeOf } from "./text-change.ts";

it.each([
  ["", "abc"],
  ["abc", ""],
  ["aXb", "aYb"],
  ["aa", "aaa"],
  ["aaa", "aa"],
  ["one two three", "one 2 three"],
])("turns %j into %j", (before, after) => {
  const change = changeOf(before, after);
  if (!change) throw new Error("no change");
  expect(before.slice(0, change.from) + change.insert + before.slice(change.to)).toBe(after);
});

it("is none between equal texts", () => {
  expect(changeOf("a", "a")).toBeUndefined();
});
