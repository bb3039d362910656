import { z } from "zod";
import { prng } from "../cppn/prng.ts";
import { brief } from "./brief.ts";
import { type Derivation, derive, type Node, reroll, spell } from "./derive.ts";
import type { Grammar } from "./grammar.ts";
import { haikuFor } from "./haiku.ts";
import { tagline } from "./tagline.ts";
import { type Topic, topicOf } from "./topic.ts";
import { wishesOf } from "./wishes.ts";

export const forms = ["tagline", "haiku", "brief"] as const;
export type Form = (typeof forms)[number];

/** A text's genome: how it was derived. The topic is kept, so that a line of texts stays about the same thing. */
export interface TextGenome {
  readonly v: 1;
  readonly form: Form;
  readonly topic: Topic;
  readonly tree: Node;
}

/** Everything that decides a text. The same order always gives the same text. */
export interface WriteOrder {
  readonly run: number;
  readonly step: number;
  readonly parent: { readonly id: number; readonly text: string | null; readonly genome: TextGenome | null } | null;
  readonly ordinal: number;
  readonly form: Form;
  /** Subtrees of the parent that are made anew. */
  readonly reroll: number;
  readonly prompt: string;
  readonly notes: readonly string[];
}

/** Siblings are told apart within groups of this many, which bounds the work for a late ordinal. */
const litter = 64;
const tries = 40;

/** Writes the text of one slot: unlike its parent, and unlike the siblings before it (which are written again to compare). */
export function write(order: WriteOrder): { text: string; genome: TextGenome } {
  const { parent } = order;
  // A parent of another form or another generator is something to write about, not something to change.
  const inherited = parent?.genome?.form === order.form ? parent.genome : null;
  const topic = inherited?.topic ?? topicOf(order.prompt.trim() === "" ? (parent?.text ?? "") : order.prompt);
  const grammar = grammarOf(order.form, topic);
  const usable = inherited !== null && belongs(inherited.tree, "root", grammar) ? inherited : null;
  const wishes = wishesOf(order.prompt, order.notes);
  const seen = new Set<string>(parent?.text ? [parent.text] : []);
  const first = order.ordinal - ((order.ordinal - 1) % litter);

  for (let ordinal = first; ; ordinal++) {
    let text = "";
    let tree: Node | undefined;
    for (let attempt = 0; attempt < tries; attempt++) {
      const random = prng(
        "text",
        order.run,
        order.step,
        order.prompt,
        parent?.id ?? 0,
        parent?.text ?? "",
        ordinal,
        attempt,
      );
      const how: Derivation = { grammar, topic, wishes, random };
      tree = usable ? usable.tree : derive("root", how);
      if (usable) for (let i = 0; i < order.reroll; i++) tree = reroll(tree, how);
      text = spell(tree, topic);
      if (!seen.has(text)) break;
    }
    seen.add(text);
    if (ordinal === order.ordinal) return { text, genome: { v: 1, form: order.form, topic, tree: tree! } };
  }
}

function grammarOf(form: Form, topic: Topic): Grammar {
  switch (form) {
    case "tagline":
      return tagline;
    case "haiku":
      return haikuFor(topic.word);
    case "brief":
      return brief;
    default:
      return form satisfies never;
  }
}

const nodeSchema: z.ZodType<Node> = z.strictObject({
  symbol: z.string().max(40),
  text: z.string().max(400),
  get children() {
    return z.array(nodeSchema).max(16);
  },
});

const genomeSchema = z.strictObject({
  v: z.literal(1),
  form: z.enum(forms),
  topic: z.strictObject({ phrase: z.string().min(1).max(200), word: z.string().min(1).max(80), counted: z.boolean() }),
  tree: nodeSchema,
});

/** Reads a genome that was kept with a candidate; null when it is not one. */
export function parseTextGenome(value: unknown): TextGenome | null {
  const parsed = genomeSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** Whether a tree could have come from this grammar: the grammar may have changed since, or the tree come from elsewhere. */
function belongs(node: Node, symbol: string, grammar: Grammar): boolean {
  if (node.symbol !== symbol || !grammar[symbol]?.some((production) => production.text === node.text)) return false;
  const symbols = [...node.text.matchAll(/\{(\w+)\}/g)]
    .map((match) => match[1]!.toLowerCase())
    .filter((name) => name !== "topic" && name !== "word");
  return (
    symbols.length === node.children.length && symbols.every((name, i) => belongs(node.children[i]!, name, grammar))
  );
}
