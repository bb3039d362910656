import { GraphQLError } from "graphql";

/** A name to look for, as PostgreSQL can: it has no text with a null character in it. */
export function searchedName(name: string | null | undefined): string | null {
  if (name?.includes("\0")) {
    throw new GraphQLError("No name has a null character in it.", { extensions: { code: "BAD_INPUT" } });
  }
  return name ?? null;
}
