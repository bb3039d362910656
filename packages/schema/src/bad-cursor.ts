import { GraphQLError } from "graphql";

/** What a list answers to a cursor that none of its kind has given. */
export function badCursor(): GraphQLError {
  return new GraphQLError("This is no cursor of this list. Give one that it gave, or none to begin at the start.", {
    extensions: { code: "BAD_CURSOR" },
  });
}
