import { expect, it } from "vitest";
import { linkState } from "./link-state.ts";

const NOW = Date.parse("2030-01-02T00:00:00Z");
const open = { usedAt: null, revokedAt: null, expiresAt: "2030-01-03T00:00:00Z", approval: { status: "PENDING" } };

it("works until it is used, revoked or expired, or its gate waits no more", () => {
  expect(linkState(open, NOW)).toBe("works");
  expect(linkState({ ...open, usedAt: "2030-01-01T00:00:00Z" }, NOW)).toBe("Used");
  expect(linkState({ ...open, revokedAt: "2030-01-01T00:00:00Z" }, NOW)).toBe("Revoked");
  expect(linkState({ ...open, expiresAt: "2030-01-02T00:00:00Z" }, NOW)).toBe("Expired");
  expect(linkState({ ...open, approval: { status: "APPROVED" } }, NOW)).toMatch(/^Over/);
});
