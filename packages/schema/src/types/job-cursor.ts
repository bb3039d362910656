import { badCursor } from "../bad-cursor.ts";

/** Where a job stands in its step's list, which is in the order of queueing. Opaque to clients. */
export function jobCursor(id: number): string {
  return Buffer.from(`job:${id}`).toString("base64");
}

/**
 * @returns the job's database id; 0, the start, where no cursor is given
 * @throws GraphQLError with the code BAD_CURSOR
 */
export function parseJobCursor(cursor: string | null | undefined): number {
  if (cursor === null || cursor === undefined) return 0;
  const id = /^job:(\d{1,9})$/.exec(Buffer.from(cursor, "base64").toString("latin1"))?.[1];
  if (id === undefined) throw badCursor();
  return Number(id);
}
