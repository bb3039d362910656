import { Lexer } from "yaml";

/** What the lexer adds to the text it reads: marks of documents, of an error within brackets, and of a scalar. */
const MARKS = new Set(["\x02", "\x18", "\x1f"]);
const SCALAR_FOLLOWS = "\x1f";

/**
 * Where a YAML text goes deeper than `levels` by brackets, or by the dashes of one line; undefined where it does not.
 *
 * The parser finds that too, but only after it has built all levels, which holds up the thread: 300 ms for 128 kB of
 * brackets, 3 s for 1 MB. The lexer stops at the first that is too deep, and reads a document of 128 kB in 30 ms.
 * Levels by indentation need no such look: their number grows with the square root of the text alone.
 *
 * @returns the offset in the text, in UTF-16 units
 */
export function nestedDeeperThan(text: string, levels: number): number | undefined {
  let offset = 0;
  let brackets = 0;
  let dashes = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (!isScalar) {
      if (token === "[" || token === "{") brackets += 1;
      else if (token === "]" || token === "}") brackets = Math.max(0, brackets - 1);
      else if (token === "-" || token === "?") dashes += 1;
      else if (token.startsWith("\n") || token.startsWith("\r")) dashes = 0;
      if (brackets > levels || dashes > levels) return offset;
    }
    if (isScalar || !MARKS.has(token)) offset += token.length;
    isScalar = !isScalar && token === SCALAR_FOLLOWS;
  }
  return undefined;
}
