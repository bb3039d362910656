import { describe, expect, it } from "vitest";
import { clockTime, timeAgo, withClockTimes } from "./time.ts";

const now = Date.UTC(2026, 4, 20, 12, 0, 0);
const minutes = (count: number) => now - count * 60_000;

describe("timeAgo", () => {
  it.each([
    [now, "just now"],
    [now - 59_999, "just now"],
    [minutes(1), "1 minute ago"],
    [minutes(59), "59 minutes ago"],
    [minutes(60), "1 hour ago"],
    [minutes(150), "2 hours ago"],
    [minutes(24 * 60), "1 day ago"],
    [minutes(3 * 24 * 60), "3 days ago"],
    [minutes(8 * 24 * 60), "on 12 May 2026"],
  ])("%d reads %s", (then, words) => {
    expect(timeAgo(then, now)).toBe(words);
  });

  it("reads a clock that runs ahead as just now", () => {
    expect(timeAgo(now + 90_000, now)).toBe("just now");
  });
});

describe("clockTime", () => {
  const noon = new Date(2026, 10, 30, 12, 0).getTime();

  it("is the hour for a moment of today, with the day for another", () => {
    expect(clockTime(new Date(2026, 10, 30, 14, 30).getTime(), noon)).toBe("14:30");
    expect(clockTime(new Date(2026, 11, 1, 9, 0).getTime(), noon)).toBe("1 Dec, 09:00");
  });
});

describe("withClockTimes", () => {
  it("shows the moments of a sentence by the clock here, and leaves the rest as it is", () => {
    const since = new Date(2026, 10, 30, 14, 30);
    const sentence = `Step 2 has waited since ${since.toISOString()}; 5 seconds are allowed.`;
    expect(withClockTimes(sentence, since.getTime())).toBe("Step 2 has waited since 14:30; 5 seconds are allowed.");
    expect(withClockTimes("Run #1 failed.", since.getTime())).toBe("Run #1 failed.");
  });
});
