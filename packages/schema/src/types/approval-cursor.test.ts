import { expect, it } from "vitest";
import { approvalCursor, parseApprovalCursor } from "./approval-cursor.ts";

it("gives back the place that it was made of, and begins at the start without one", () => {
  for (const stalled of [true, false]) {
    const place = { stalled, requestedAt: new Date(1_793_000_000_123), id: 7 };
    expect(parseApprovalCursor(approvalCursor(place))).toEqual(place);
  }
  expect(parseApprovalCursor(null)).toBeNull();
  expect(parseApprovalCursor(undefined)).toBeNull();
});

it("refuses what no list of approvals has given", () => {
  for (const text of ["", "approval:1", "approval:stalled:x:1", "candidate:7", "approval:waiting:1:2147483648"]) {
    expect(() => parseApprovalCursor(Buffer.from(text).toString("base64"))).toThrow("This is no cursor of this list.");
  }
});
