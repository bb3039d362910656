interface DecisionLink {
  readonly usedAt: string | null;
  readonly revokedAt: string | null;
  readonly expiresAt: string;
  readonly approval: { readonly status: string };
}

/** Whether a decision link still works, or in one word why not. `now` is in milliseconds since 1970. */
export function linkState({ usedAt, revokedAt, expiresAt, approval }: DecisionLink, now: number) {
  if (usedAt !== null) return "Used";
  if (revokedAt !== null) return "Revoked";
  if (Date.parse(expiresAt) <= now) return "Expired";
  return approval.status === "PENDING" ? "works" : "Over: the gate does not wait any more";
}
