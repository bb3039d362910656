import { GraphQLError } from "graphql";

/** A name to look for, as PostgreSQL can: it has no text with a null character in it. */
export function searchedName(name: string | null | undefined): string | null {
  return withoutNull(name, "No name has a null character in it.");
}

/** Words to look for anywhere in a text; null, which looks for nothing, where there are only spaces. */
export function searchedWords(words: string | null | undefined): string | null {
  return withoutNull(words, "No text has a null character in it.")?.trim() || null;
}

function withoutNull(text: string | null | undefined, message: string): string | null {
  if (text?.includes("\0")) throw new GraphQLError(message, { extensions: { code: "BAD_INPUT" } });
  return text ?? null;
}
