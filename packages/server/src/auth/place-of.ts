import { getConnInfo } from "@hono/node-server/conninfo";
import { isPublicAddress } from "@sluice/engine";
import type { Context } from "hono";

/** Where a request comes from, as the socket says: headers can say anything. */
export function placeOf(context: Context): string {
  return getConnInfo(context).remote.address ?? "unknown";
}

/**
 * Whether everybody may come from there: behind a reverse proxy all requests come from this machine or its network, and
 * what is counted against one would keep out all.
 */
export function mayBeEverybody(place: string): boolean {
  return !isPublicAddress(place.replace(/^::ffff:/i, ""));
}
