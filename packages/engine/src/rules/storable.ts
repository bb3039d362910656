import { InvalidInputError } from "../errors.ts";

/** Deeper than any variables for a generator, and well within what JSON is written and read with. */
const MAX_DEPTH = 100;

/**
 * Refuses what PostgreSQL cannot keep: null characters and halves of surrogate pairs, in text, in JSON and in its keys.
 *
 * @param words what it is, as in "The comment …"
 * @throws InvalidInputError
 */
export function assertStorable(value: unknown, words: string, field: string, depth = 0): void {
  if (depth > MAX_DEPTH) throw new InvalidInputError(`${words} is nested more than ${MAX_DEPTH} levels deep.`, field);
  if (typeof value === "string") {
    if (value.includes("\0")) {
      throw new InvalidInputError(`${words} holds a null character, which cannot be stored.`, field);
    }
    if (!value.isWellFormed()) {
      throw new InvalidInputError(
        `${words} holds half of a character (a lone surrogate), which cannot be stored.`,
        field,
      );
    }
  } else if (Array.isArray(value)) {
    for (const item of value) assertStorable(item, words, field, depth + 1);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      assertStorable(key, words, field, depth);
      assertStorable(item, words, field, depth + 1);
    }
  }
}

/** Text from outside that is kept for people to read: made storable, and cut at `length`. */
export function storableText(text: string, length: number): string {
  return text.slice(0, length).replaceAll("\0", "").toWellFormed();
}
