import { describe, expect, it } from "vitest";
import { type LabelledStep, statusLabel } from "./status-label.ts";

const step: LabelledStep = {
  status: "GENERATING",
  blockedBy: null,
  candidateCount: 2,
  advancingCount: 0,
  expectedCandidates: 3,
  runStatus: "RUNNING",
};

describe("statusLabel", () => {
  it.each<[Partial<LabelledStep>, string]>([
    [{}, "Generating (2/3 candidates)"],
    [{ status: "BLOCKED", blockedBy: { position: 2, approved: false } }, "Blocked (Step 2 unapproved)"],
    [{ status: "BLOCKED", blockedBy: { position: 1, approved: true } }, "Blocked (Step 1 still generating)"],
    [{ status: "AWAITING_APPROVAL", candidateCount: 5 }, "Awaiting Approval (5 candidates ready)"],
    [{ status: "AWAITING_APPROVAL", candidateCount: 1 }, "Awaiting Approval (1 candidate ready)"],
    [{ status: "APPROVED", candidateCount: 5, advancingCount: 3 }, "Approved (3/5 advancing)"],
    [{ status: "APPROVED", candidateCount: 3, advancingCount: 3 }, "Approved (all advancing)"],
    [{ status: "REJECTED" }, "Rejected"],
  ])("says where %j is", (change, label) => {
    expect(statusLabel({ ...step, ...change })).toBe(label);
  });

  it.each<[Partial<LabelledStep>, string]>([
    [{}, "Stopped (2/3 candidates)"],
    [{ runStatus: "FAILED", candidateCount: 0 }, "Failed (0/3 candidates)"],
    [{ status: "BLOCKED", blockedBy: { position: 2, approved: false } }, "Not reached"],
    [{ status: "AWAITING_APPROVAL" }, "Not decided (2 candidates)"],
    [{ status: "APPROVED", candidateCount: 5, advancingCount: 3 }, "Approved (3/5 advancing)"],
  ])("does not promise what an ended run will not do: %j", (change, label) => {
    expect(statusLabel({ ...step, runStatus: "ABORTED", ...change })).toBe(label);
  });

  it("of a gate that takes several people counts them", () => {
    const waiting = { ...step, status: "AWAITING_APPROVAL" as const, signOffs: { given: 1, required: 2 } };
    expect(statusLabel(waiting)).toBe("Awaiting Approval (1 of 2)");
    expect(statusLabel({ ...waiting, runStatus: "ABORTED" })).toMatch(/^Not decided/);
  });
});
