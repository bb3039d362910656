import { parseCursor } from "@sluice/engine";
import { GraphQLError } from "graphql";

/**
 * The place in a run's events that a client names.
 *
 * @throws GraphQLError with the code BAD_CURSOR
 */
export function eventCursor(after: string | null | undefined): number {
  try {
    return parseCursor(after);
  } catch (error) {
    throw new GraphQLError((error as Error).message, { extensions: { code: "BAD_CURSOR" } });
  }
}
