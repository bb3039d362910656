import { badCursor } from "../bad-cursor.ts";

/** Where a candidate stands in its step's list, which is in the order of arrival. Opaque to clients. */
export function candidateCursor(id: number): string {
  return Buffer.from(`candidate:${id}`).toString("base64");
}

/**
 * @returns the candidate's database id; 0, the start, where no cursor is given
 * @throws GraphQLError with the code BAD_CURSOR
 */
export function parseCandidateCursor(cursor: string | null | undefined): number {
  if (cursor === null || cursor === undefined) return 0;
  const id = /^candidate:(\d{1,9})$/.exec(Buffer.from(cursor, "base64").toString("latin1"))?.[1];
  if (id === undefined) throw badCursor();
  return Number(id);
}
