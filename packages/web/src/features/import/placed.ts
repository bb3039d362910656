export interface ImportProblem {
  /** About all of it; undefined where single ones are to blame. */
  readonly words: string | undefined;
  /** About the text. */
  readonly text?: string | undefined;
  readonly files: ReadonlyMap<File, string>;
}

interface Refused {
  readonly words: string;
  readonly refusal: object | undefined;
}

/**
 * Puts what the API refused beside the file or the text that it is about: it counts candidates, of which the files come
 * first and the text last. What is about all of them, or about their parent, stays as it is.
 */
export function placed({ refusal, words }: Refused, files: readonly File[]): ImportProblem {
  const path = refusal && "field" in refusal && typeof refusal.field === "string" ? refusal.field : "";
  const index = /^candidates\.([0-9]+)\./.exec(path)?.[1];
  if (index === undefined || path.endsWith(".parentId")) return { words, files: new Map() };
  const own = words
    .replace(/^Candidate [0-9]+(, its| )/, (_, how: string) => (how === " " ? "It " : "Its"))
    .replace(/\bcandidate [0-9]+\b/, "this");
  const file = files[Number(index)];
  return file ? { words: undefined, files: new Map([[file, own]]) } : { words: undefined, text: own, files: new Map() };
}
