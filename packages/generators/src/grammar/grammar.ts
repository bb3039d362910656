/**
 * A context-free grammar whose productions carry tags: words of a prompt or of an approval's note that make them
 * likelier. `{name}` stands for a symbol; `{Name}` for the same with a capital; `{topic}`, `{word}` for the prompt's.
 */
export interface Production {
  readonly text: string;
  readonly tags: readonly string[];
  /** "bare": only for topics without article, as in "more coffee". */
  readonly needs: "bare" | null;
}

export type Grammar = Readonly<Record<string, readonly Production[]>>;

/**
 * Reads a grammar from lines: `symbol: production | production`. A production may end in `#tag #tag`, and begin with
 * `~` when it needs a topic without article.
 */
export function readGrammar(source: string): Grammar {
  const grammar: Record<string, Production[]> = {};
  let symbol = "";
  for (const line of source.split("\n")) {
    const start = /^(\w+):(.*)$/.exec(line.trim());
    const body = start ? start[2]! : line;
    if (start) symbol = start[1]!;
    if (body.trim() === "") continue;
    const productions = grammar[symbol] ?? [];
    grammar[symbol] = productions;
    for (const piece of body.split("|")) {
      const text = piece.trim();
      if (text === "") continue;
      const tags = [...text.matchAll(/#(\w+)/g)].map((match) => match[1]!);
      const plain = text.replace(/\s*#\w+/g, "").trim();
      productions.push({ text: plain.replace(/^~\s*/, ""), tags, needs: plain.startsWith("~") ? "bare" : null });
    }
  }
  return grammar;
}

/** The symbols that a production's text names, in order. */
export function symbolsOf(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!.toLowerCase());
}
