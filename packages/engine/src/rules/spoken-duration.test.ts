import { expect, it } from "vitest";
import { spokenDuration } from "./spoken-duration.ts";

it.each([
  [0, "0 seconds"],
  [1, "1 second"],
  [90, "1 minute 30 seconds"],
  [600, "10 minutes"],
  [86_400, "24 hours"],
  [93_784, "26 hours 3 minutes"],
  [172_800, "2 days"],
  [270_000, "3 days 3 hours"],
])("says %d s as %s", (seconds, words) => {
  expect(spokenDuration(seconds)).toBe(words);
});
