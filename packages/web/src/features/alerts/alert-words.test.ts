import { describe, expect, it } from "vitest";
import { isSnoozed, needsSomebody, snoozes } from "./alert-words.ts";

const open = { acknowledgedAt: null, snoozedUntil: null, resolvedAt: null };
const noon = new Date(2026, 10, 30, 12, 0);

describe("snoozes", () => {
  it("ends the longest one at nine in the next morning, over the end of a month too", () => {
    const last = snoozes(noon).at(-1)?.input;
    expect(last).toEqual({ until: new Date(2026, 11, 1, 9, 0).toISOString() });
  });

  it("gives the others in minutes", () => {
    expect(snoozes(noon).map(({ input }) => input)).toMatchObject([{ minutes: 60 }, { minutes: 240 }, {}]);
  });
});

describe("an alert", () => {
  it("needs somebody until it is acknowledged or over", () => {
    expect(needsSomebody(open)).toBe(true);
    expect(needsSomebody({ ...open, acknowledgedAt: noon.toISOString() })).toBe(false);
    expect(needsSomebody({ ...open, resolvedAt: noon.toISOString() })).toBe(false);
  });

  it("is put off until its moment has come", () => {
    const snoozed = { ...open, snoozedUntil: noon.toISOString() };
    expect(isSnoozed(snoozed, noon.getTime() - 1)).toBe(true);
    expect(isSnoozed(snoozed, noon.getTime())).toBe(false);
    expect(isSnoozed({ ...snoozed, resolvedAt: noon.toISOString() }, noon.getTime() - 1)).toBe(false);
  });
});
