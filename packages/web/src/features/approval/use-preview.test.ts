import { describe, expect, it } from "vitest";
import { isWorthShowing } from "./use-preview.ts";

const version = (rankingVersion: number) => ({ rankingVersion });

describe("a preview that was asked for over HTTP", () => {
  it("takes the place of an older ranking, and of the same one", () => {
    expect(isWorthShowing(version(4), version(3), true)).toBe(true);
    expect(isWorthShowing(version(3), version(3), true)).toBe(true);
    expect(isWorthShowing(version(2), version(3), true)).toBe(false);
  });

  it("is let go where another K was chosen meanwhile, unless nothing is shown yet", () => {
    expect(isWorthShowing(version(4), version(3), false)).toBe(false);
    expect(isWorthShowing(version(4), undefined, false)).toBe(true);
  });
});
