import { diffLines, diffWordsWithSpace } from "diff";

export interface TextPart {
  readonly text: string;
  /** Undefined for what both texts have. */
  readonly only: "before" | "after" | undefined;
}

/** Two texts of 20,000 words with nothing in common would take seconds, word by word. */
const PATIENCE_MS = 400;

/**
 * How two texts differ, in the order of reading. Leaving out what only `after` has gives `before` to the letter, and the
 * other way round. By words; by lines where words would take too long, and as a whole where even those would.
 */
export function textParts(before: string, after: string, patienceMs: number = PATIENCE_MS): readonly TextPart[] {
  if (before === after) return before === "" ? [] : [{ text: before, only: undefined }];
  const options = { timeout: patienceMs };
  const changes = diffWordsWithSpace(before, after, options) ?? diffLines(before, after, options);
  if (changes === undefined) {
    return [
      { text: before, only: "before" as const },
      { text: after, only: "after" as const },
    ].filter(({ text }) => text !== "");
  }
  return changes.map(({ value, added, removed }) => ({ text: value, only: onlyIn(added, removed) }));
}

function onlyIn(added: boolean, removed: boolean): TextPart["only"] {
  if (removed) return "before";
  return added ? "after" : undefined;
}
