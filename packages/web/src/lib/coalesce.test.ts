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

  it("waits as long as the least patient request that waits", () => {
    const work = vi.fn();
    const { request } = coalesce(work, 300);
    request(3000);
    expect(work).toHaveBeenCalledTimes(1);
    request(3000);
    vi.advanceTimersByTime(1000);
    expect(work).toHaveBeenCalledTimes(1);
    request(1200);
    request(3000);
    vi.advanceTimersByTime(200);
    expect(work).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(3000);
    expect(work).toHaveBeenCalledTimes(2);
    // It was done long ago: the patient, too, are served at once.
    request(3000);
    expect(work).toHaveBeenCalledTimes(3);
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
