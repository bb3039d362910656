/** Where a candidate stands in its step's list, which is in the order of arrival. Opaque to clients. */
export function candidateCursor(id: number): string {
  return Buffer.from(`candidate:${id}`).toString("base64");
}

/** @returns the candidate's database id; 0, the start, where it is no cursor or none is given */
export function parseCandidateCursor(cursor: string | null | undefined): number {
  const match = /^candidate:(\d{1,9})$/.exec(Buffer.from(cursor ?? "", "base64").toString("latin1"));
  return Number(match?.[1] ?? 0);
}
