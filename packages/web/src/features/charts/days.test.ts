import { describe, expect, it } from "vitest";
import { durationUnit, everyDay } from "./days.ts";

const day = (date: string, decisions = 1) => ({ day: `${date}T00:00:00.000Z`, decisions, medianSeconds: 60 });

describe("everyDay", () => {
  it("puts in the days on which nobody decided", () => {
    const days = everyDay([day("2026-02-27", 2), day("2026-03-02")]);
    expect(days.map((each) => each.day.slice(0, 10))).toEqual(["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]);
    expect(days.map(({ decisions }) => decisions)).toEqual([2, 0, 0, 1]);
  });

  it("leaves years as they are, and nothing as nothing", () => {
    const years = [day("2024-01-01"), day("2026-01-01")];
    expect(everyDay(years)).toEqual(years);
    expect(everyDay([])).toEqual([]);
  });
});

describe("durationUnit", () => {
  it("is what people count such a time in", () => {
    expect([30, 1_000, 10_000, 400_000].map(durationUnit)).toEqual([1, 60, 3_600, 86_400]);
  });
});
