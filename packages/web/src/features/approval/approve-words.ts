export interface ApproveInput {
  /** Undefined while what stands in the field is no K. */
  readonly topK: number | undefined;
  /** People it takes, and those who have approved exactly this cut. */
  readonly required: number;
  readonly signedOff: number;
  /** One of those is whoever is asked. */
  readonly mine: boolean;
  /** The policy asks for more than there is. */
  readonly override: boolean;
}

/** What pressing the button does, for its label: "Approve with K=3", "Sign off (1 of 2)", "Override and approve". */
export function approveWords({ topK, required, signedOff, mine, override }: ApproveInput): string {
  if (mine && required > 1) return `Signed off (${signedOff} of ${required})`;
  const opens = signedOff + 1 >= required;
  const place = required > 1 && topK !== undefined ? ` (${Math.min(signedOff + 1, required)} of ${required})` : "";
  if (override) return `Override and ${opens ? "approve" : "sign off"}${place}`;
  if (!opens) return `Sign off${place}`;
  return topK === undefined ? "Approve" : `Approve with K=${topK}${place}`;
}
