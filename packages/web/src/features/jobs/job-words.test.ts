import { describe, expect, it } from "vitest";
import { givenUpInWords, jobInWords, sharePercent } from "./job-words.ts";

const job = { status: "RUNNING", attempt: 1, progress: 0, progressMessage: null, untried: false } as const;

describe("jobInWords", () => {
  it.each([
    [job, "Being made"],
    [{ ...job, progressMessage: "Sampling 12/20" }, "Sampling 12/20"],
    [{ ...job, attempt: 2 }, "Being made · attempt 2"],
    [{ ...job, status: "QUEUED" }, "Queued"],
    [{ ...job, status: "QUEUED", attempt: 2 }, "Attempt 1 failed, and it is tried again"],
    [{ ...job, status: "FAILED" }, "Failed"],
    [{ ...job, status: "FAILED", untried: true }, "Not tried"],
    [{ ...job, status: "FAILED", attempt: 3 }, "Given up after 3 attempts"],
  ] as const)("%o reads %s", (it, words) => {
    expect(jobInWords(it)).toBe(words);
  });
});

describe("givenUpInWords", () => {
  it.each([
    [1, 0, 0, "1 job failed"],
    [5, 4, 0, "1 job failed, 4 were not tried"],
    [3, 1, 0, "2 jobs failed, 1 was not tried"],
    [4, 4, 0, "4 jobs were not tried"],
    [1, 1, 0, "1 job was not tried"],
    [1, 0, 1, "1 job was cancelled"],
    [5, 0, 2, "3 jobs failed, 2 were cancelled"],
    [4, 1, 2, "1 job failed, 1 was not tried, 2 were cancelled"],
  ])("%i given up, %i of them untried and %i cancelled, reads %s", (failedJobs, untriedJobs, cancelledJobs, words) => {
    expect(givenUpInWords({ failedJobs, untriedJobs, cancelledJobs })).toBe(words);
  });
});

describe("sharePercent", () => {
  it("is unknown until something is told, and where nothing runs", () => {
    expect(sharePercent(job)).toBeUndefined();
    expect(sharePercent({ ...job, status: "QUEUED", progress: 0.4 })).toBeUndefined();
    expect(sharePercent({ ...job, progress: 0.4 })).toBe(40);
  });
});
