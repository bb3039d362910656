import { z } from "zod";
import { listNames } from "./catalogs.ts";
import type { GeneratorKind } from "./generator-kind.ts";
import { isMapping } from "./is-mapping.ts";
import { didYouMean } from "./nearest-name.ts";

const MAX_GENERATORS = 100;

/** An entry of the section `generators`, with its kind's own settings beside. */
export type GeneratorEntry = { readonly name: string; readonly kind: string } & Readonly<Record<string, unknown>>;

/** The section `generators`, whose entries are told apart by their kind. */
export function generatorEntries(kinds: readonly GeneratorKind[]): z.ZodType<GeneratorEntry[], GeneratorEntry[]> {
  return z
    .array(generatorEntry(kinds))
    .max(MAX_GENERATORS, `There may be at most ${MAX_GENERATORS} generators.`) as unknown as z.ZodType<
    GeneratorEntry[],
    GeneratorEntry[]
  >;
}

function generatorEntry(kinds: readonly GeneratorKind[]) {
  const entries = kinds.map(({ kind, description, settings }) =>
    settings
      .safeExtend({
        name: z.string().trim().min(1).max(200).describe("What steps and agents call it."),
        kind: z.literal(kind).describe(description),
      })
      // Whatever a kind's author wrote: a typing mistake never passes for a default.
      .strict()
      .describe(description),
  );
  return z.discriminatedUnion("kind", entries as unknown as [z.ZodObject<{ kind: z.ZodLiteral<string> }>], {
    error: (issue) => {
      if (issue.code !== "invalid_union") return undefined;
      const known = kinds.map(({ kind }) => kind);
      const kind = isMapping(issue.input) ? issue.input.kind : undefined;
      if (typeof kind !== "string") return `A generator needs a "kind": one of ${listNames(known)}.`;
      return `There is no kind of generator "${kind}".${didYouMean(kind, known) || ` There is: ${listNames(known)}.`}`;
    },
  });
}
