import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { coalesce } from "./coalesce.ts";

describe("coalesce", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("works at once on the first request and once more for all that came meanwhile", () => {
    const work = vi.fn();
    const { request } = coalesce(work, 300);
    for (let i = 0; i < 10; i += 1) request();
    expect(work).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(300);
    expect(work).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(3000);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it("does nothing after it was cancelled", () => {
    const work = vi.fn();
    const { request, cancel } = coalesce(work, 300);
    request();
    request();
    cancel();
    vi.advanceTimersByTime(3000);
    expect(work).toHaveBeenCalledTimes(1);
  });
});
