import { describe, expect, it } from "vitest";
import { jobInWords, sharePercent } from "./job-words.ts";

const job = { status: "RUNNING", attempt: 1, progress: 0, progressMessage: null } as const;

describe("jobInWords", () => {
  it.each([
    [job, "Being made"],
    [{ ...job, progressMessage: "Sampling 12/20" }, "Sampling 12/20"],
    [{ ...job, attempt: 2 }, "Being made · attempt 2"],
    [{ ...job, status: "QUEUED" }, "Queued"],
    [{ ...job, status: "QUEUED", attempt: 2 }, "Attempt 1 failed, and it is tried again"],
    [{ ...job, status: "FAILED" }, "Failed"],
    [{ ...job, status: "FAILED", attempt: 3 }, "Given up after 3 attempts"],
  ] as const)("%o reads %s", (it, words) => {
    expect(jobInWords(it)).toBe(words);
  });
});

describe("sharePercent", () => {
  it("is unknown until something is told, and where nothing runs", () => {
    expect(sharePercent(job)).toBeUndefined();
    expect(sharePercent({ ...job, status: "QUEUED", progress: 0.4 })).toBeUndefined();
    expect(sharePercent({ ...job, progress: 0.4 })).toBe(40);
  });
});
