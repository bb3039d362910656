import type { Prng } from "../cppn/prng.ts";
import { type Grammar, type Production, symbolsOf } from "./grammar.ts";
import type { Topic } from "./topic.ts";
import type { Wishes } from "./wishes.ts";

/** A derivation: the production that a symbol took, by its text, and the derivations of the symbols in it. */
export interface Node {
  readonly symbol: string;
  readonly text: string;
  readonly children: readonly Node[];
}

export interface Derivation {
  readonly grammar: Grammar;
  readonly topic: Topic;
  readonly wishes: Wishes;
  readonly random: Prng;
}

/** What the prompt fills in, rather than the grammar. */
const given = new Set(["topic", "word"]);

/** Derives a symbol. Productions already in `used` are left out where there is another: no text says a thing twice. */
export function derive(symbol: string, how: Derivation, used: Set<string> = new Set()): Node {
  const all = (how.grammar[symbol] ?? []).filter((production) => production.needs === null || !how.topic.counted);
  const fresh = all.filter((production) => !used.has(production.text));
  const production = choose(fresh.length > 0 ? fresh : all, how);
  used.add(production.text);
  const children = symbolsOf(production.text)
    .filter((name) => !given.has(name))
    .map((name) => derive(name, how, used));
  return { symbol, text: production.text, children };
}

function choose(productions: readonly Production[], { wishes, random }: Derivation): Production {
  // What has more parts has more variants: it may come up more often without being repeated.
  const weights = productions.map(({ text, tags }) =>
    tags.reduce((weight, tag) => weight * (wishes.get(tag) ?? 1), 0.4 + symbolsOf(text).length),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let mark = random.next() * total;
  for (const [i, weight] of weights.entries()) {
    mark -= weight;
    if (mark < 0) return productions[i]!;
  }
  const last = productions.at(-1);
  if (last === undefined) throw new Error("A symbol of the grammar has no production.");
  return last;
}

/** The same derivation with one subtree made anew; the parts around it stay word for word. */
export function reroll(root: Node, how: Derivation): Node {
  const places = paths(root).filter((path) => path.length > 0);
  const path = places.length > 0 ? how.random.pick(places) : [];
  // What stays is used already, and so is the subtree that goes: a re-roll that gives the same words is none.
  const used = new Set(collect(root));
  return replace(root, path, (old) => derive(old.symbol, how, used));
}

function replace(node: Node, path: readonly number[], change: (old: Node) => Node): Node {
  const [first, ...rest] = path;
  if (first === undefined) return change(node);
  return { ...node, children: node.children.map((child, i) => (i === first ? replace(child, rest, change) : child)) };
}

function paths(node: Node): number[][] {
  return [[], ...node.children.flatMap((child, i) => paths(child).map((path) => [i, ...path]))];
}

function collect(node: Node): string[] {
  return [node.text, ...node.children.flatMap(collect)];
}

/** Puts a derivation into words. `/` in a production is a line break. */
export function spell(root: Node, topic: Topic): string {
  const put = (node: Node): string => {
    let next = 0;
    return node.text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const symbol = name.toLowerCase();
      const words = symbol === "topic" ? topic.phrase : symbol === "word" ? topic.word : put(node.children[next++]!);
      return name === symbol ? words : capital(words);
    });
  };
  return (
    put(root)
      .replaceAll("/", "\n")
      // "a" was written before anybody knew the next word.
      .replace(/\b([Aa]) (?=(?:[aeio](?!u|ne\b)|u(?!ni|s[eu])|hon(?:est|our)|hour))/g, "$1n ")
      .replace(/(^|[.?!]\s+|\n)(\p{Ll})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())
  );
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
