import { describe, expect, it } from "vitest";
import { announcement } from "./announcement.ts";

describe("announcement", () => {
  it("tells what a list would show anew", () => {
    expect(announcement({ difference: 3, voted: true })).toBe("3 new");
    expect(announcement({ difference: -1, voted: false })).toBe("1 candidate no longer here");
    expect(announcement({ difference: 0, voted: true })).toBe("Ratings have changed");
    expect(announcement({ difference: 0, voted: false })).toBeUndefined();
  });
});
