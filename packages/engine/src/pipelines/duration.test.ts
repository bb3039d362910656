import { describe, expect, it } from "vitest";
import { parseDuration } from "./duration.ts";

describe("a span of time", () => {
  it.each([
    ["30s", 30],
    ["30m", 1_800],
    ["4h", 14_400],
    ["1.5h", 5_400],
    ["2d", 172_800],
    [" 4 h ", 14_400],
    [90, 90],
    [0.6, 1],
  ])("%j is %i seconds", (value, seconds) => {
    expect(parseDuration(value)).toBe(seconds);
  });

  it.each(["", "h", "4", "4 hours", "-4h", "1h30m", "0s", "400d", "1e9h", 0, -1, 1e12, Number.NaN])(
    "%j is none",
    (value) => {
      expect(parseDuration(value)).toBeUndefined();
    },
  );
});
