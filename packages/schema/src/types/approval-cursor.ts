import type { InboxPlace } from "@sluice/engine";
import { badCursor } from "../bad-cursor.ts";

/** Where an approval stands in the inbox. Opaque to clients. */
export function approvalCursor({ stalled, requestedAt, id }: InboxPlace): string {
  return Buffer.from(`approval:${stalled ? "stalled" : "waiting"}:${requestedAt.getTime()}:${id}`).toString("base64");
}

/**
 * @returns null, the start, where no cursor is given
 * @throws GraphQLError with the code BAD_CURSOR
 */
export function parseApprovalCursor(cursor: string | null | undefined): InboxPlace | null {
  if (cursor === null || cursor === undefined) return null;
  const text = Buffer.from(cursor, "base64").toString("latin1");
  const [, stalled, time, id] = /^approval:(stalled|waiting):(\d{1,14}):(\d{1,9})$/.exec(text) ?? [];
  if (!stalled || !time || !id) throw badCursor();
  return { stalled: stalled === "stalled", requestedAt: new Date(Number(time)), id: Number(id) };
}
