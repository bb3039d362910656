/** What a text is about, in the forms in which sentences can take it. */
export interface Topic {
  /** A noun phrase that fits after a preposition: "a coffee shop in Lisbon", "slow mornings". */
  readonly phrase: string;
  /** One word for places that need one, such as a haiku's line. */
  readonly word: string;
  /** Whether the phrase has an article or a preposition: "more a coffee shop" is not English. */
  readonly counted: boolean;
}

const orders =
  /^(?:please\s+)?(?:write|make|create|draft|give|compose|generate|design|produce|come up with|i want|i need|we need|need)\b(?:\s+(?:me|us))?\s*/i;
const kinds =
  /^(?:an?|the|some|\d+)?\s*(?:\w+\s+){0,2}(?:tagline|slogan|haiku|poem|brief|text|copy|headline|line|poster|image|picture)s?\s*(?:for|about|on|of)?\s+/i;
const leads = /^(?:for|about|on|of)\s+/i;
const stops = /[.,;:!?\n()"]|\s(?:that|which|who|whose|while|when|because|so|but|and then)\s/i;
const little = new Set(
  "a an the of in on at to for with by from into over under and or our your my their its is are".split(" "),
);
const vague = new Set(
  "calm soft bold warm quiet new old good great big small modern simple very abstract minimal short long our your".split(
    " ",
  ),
);

/** Finds the topic in a prompt; "something new" when there is none. */
export function topicOf(prompt: string): Topic {
  let rest = prompt.trim().replace(/\s+/g, " ").replace(orders, "").replace(kinds, "").replace(leads, "");
  rest =
    rest
      .split(stops)
      .find((part) => part.trim() !== "")
      ?.trim() ?? "";
  let words = rest
    .split(" ")
    .filter((word) => /^[\p{L}\p{N}][\p{L}\p{N}'’&-]*$/u.test(word))
    .slice(0, 6);
  while (words.length > 0 && little.has(words.at(-1)!.toLowerCase())) words = words.slice(0, -1);
  if (words.length === 0) return { phrase: "new ideas", word: "light", counted: false };
  const first = words[0]!;
  if (!/^(?:\p{Lu}{2,}|I)/u.test(first) && little.has(first.toLowerCase())) words[0] = first.toLowerCase();
  // In "sunset over the sea" the noun before the first small word is the head.
  const begin = little.has(words[0]!.toLowerCase()) ? 1 : 0;
  const end = words.findIndex((word, i) => i > begin && little.has(word.toLowerCase()));
  const group = words.slice(begin, end < 0 ? undefined : end);
  const nouns = group.filter((word) => !vague.has(word.toLowerCase()));
  const phrase = words.map((word, i) => (i === 0 ? plainCase(word) : word)).join(" ");
  return {
    phrase,
    word: plainCase(nouns.at(-1) ?? group.at(-1) ?? words.at(-1)!),
    counted: words.some((word) => little.has(word.toLowerCase())),
  };
}

/** A capital that only began the prompt is dropped; "NASA", "iPhone" and "McCoy" stay. */
function plainCase(word: string): string {
  return /^\p{Lu}\p{Ll}+$/u.test(word) ? word.toLowerCase() : word;
}

/** Syllables of an English word, by vowel groups: right for about nine words in ten. */
export function syllables(text: string): number {
  let count = 0;
  for (const word of text
    .toLowerCase()
    .replace(/['’]s?\b/g, "")
    .split(/[^\p{L}]+/u)) {
    if (word === "") continue;
    const groups = word
      // Silent ends: "waves" but not "branches", "baked" but not "waited", "tide" but not "table".
      .replace(/(?:(?<![sxzcg]|ch|sh|[laeiouy])es|(?<![td])ed|(?<![laeiouy])e)$/, "")
      .replace(/^evening/, "evning")
      .replace(/^y/, "")
      .match(/[aeiouy]{1,2}/g);
    count += Math.max(1, groups?.length ?? 1);
  }
  return count;
}
