import { describe, expect, it } from "vitest";
import { advancingExplained, stepAction, stepIcon, waitsFor } from "./step-status.ts";

const base = { status: "AWAITING_APPROVAL", gate: "MANUAL", runActive: true, candidateCount: 3 } as const;

describe("stepAction", () => {
  it("offers the decision while the step waits for it", () => {
    expect(stepAction(base)).toBe("approve");
  });

  it("offers an approval step without candidates of its own", () => {
    expect(stepAction({ ...base, candidateCount: 0 })).toBe("approve");
  });

  it("offers only a look while candidates are still generated", () => {
    expect(stepAction({ ...base, status: "GENERATING" })).toBe("preview");
    expect(stepAction({ ...base, status: "GENERATING", candidateCount: 0 })).toBe("none");
  });

  it("offers nothing where no person decides, or the run has ended", () => {
    expect(stepAction({ ...base, status: "GENERATING", gate: "AUTO" })).toBe("none");
    expect(stepAction({ ...base, runActive: false })).toBe("none");
    expect(stepAction({ ...base, status: "APPROVED" })).toBe("none");
    expect(stepAction({ ...base, status: "BLOCKED" })).toBe("none");
  });
});

describe("advancingExplained", () => {
  it("names both numbers and K", () => {
    expect(advancingExplained({ advancingCount: 3, candidateCount: 5, topKCount: 3 }, false)).toBe(
      "3 of this step's 5 candidates advance: the best by Elo when the step was approved with K=3. " +
        "They become parents in the next step; the others stay visible but get no children.",
    );
  });

  it("says so when all advance", () => {
    expect(advancingExplained({ advancingCount: 2, candidateCount: 2, topKCount: 3 }, false)).toBe(
      "All 2 candidates of this step advance: they become parents in the next step.",
    );
  });

  it("promises no next step behind the last", () => {
    expect(advancingExplained({ advancingCount: 1, candidateCount: 3, topKCount: 1 }, true)).toBe(
      "1 of this step's 3 candidates advances: the best by Elo when the step was approved with K=1. " +
        "It is the winner of the run; the others stay visible.",
    );
    expect(advancingExplained({ advancingCount: 1, candidateCount: 1, topKCount: 3 }, true)).toBe(
      "The only candidate of this step advances: it is the winner of the run.",
    );
  });
});

describe("stepIcon", () => {
  it("shows what a step of a running run is at", () => {
    expect(stepIcon("GENERATING", true)).toBe("working");
    expect(stepIcon("BLOCKED", true)).toBe("locked");
  });

  it("shows nothing at work or waiting in a run that has ended, and keeps what was approved", () => {
    expect(stepIcon("GENERATING", false)).toBe("stopped");
    expect(stepIcon("AWAITING_APPROVAL", false)).toBe("stopped");
    expect(stepIcon("APPROVED", false)).toBe("done");
  });
});

describe("waitsFor", () => {
  const steps = [
    { position: 1, status: "APPROVED", approved: true },
    { position: 2, status: "AWAITING_APPROVAL", approved: false },
    { position: 3, status: "BLOCKED", approved: false },
    { position: 4, status: "BLOCKED", approved: true },
  ] as const;

  it("names the first gate that is closed, however far on the step is", () => {
    expect(waitsFor(steps[2], steps)).toBe("Waiting for Step 2 approval");
    expect(waitsFor(steps[3], steps)).toBe("Waiting for Step 2 approval");
  });

  it("waits for a step that nobody decides to finish", () => {
    const open = { position: 1, status: "GENERATING", approved: true } as const;
    expect(waitsFor(steps[2], [open, ...steps.slice(1)])).toBe("Waiting for Step 1 to finish");
  });

  it("is silent about a step that has begun", () => {
    expect(waitsFor(steps[1], steps)).toBeUndefined();
  });
});
