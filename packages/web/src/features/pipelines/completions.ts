import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { type JsonSchema, keysAt, type Suggestion, valuesAt } from "./schema-words.ts";
import { placeIn, type YamlPlace } from "./yaml-place.ts";

/** What there is here that a document may name. */
export interface KnownNames {
  readonly generators: readonly string[];
  readonly agents: readonly string[];
}

/** Completes keys and values as the schema of pipelines has them, and the names of generators and agents. */
export function completions(schema: () => JsonSchema | undefined, names: () => KnownNames) {
  return ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
    const place = placeIn(state.sliceDoc(0, pos));
    // An empty line is no question yet, unless somebody asks.
    if (!place || (place.word === "" && place.key === undefined && !explicit)) return null;
    const found = suggestionsFor(place, schema(), names());
    if (found.length === 0) return null;
    const ends = place.key === undefined ? ": " : "";
    return {
      from: pos - place.word.length,
      validFor: /^[\w-]*$/,
      options: found.map(({ word, detail }) => ({
        label: word,
        apply: `${word}${ends}`,
        type: place.key === undefined ? "property" : "constant",
        ...(detail === undefined ? {} : { info: detail }),
      })),
    };
  };
}

function suggestionsFor({ path, key }: YamlPlace, schema: JsonSchema | undefined, names: KnownNames) {
  if (key === "generator") return names.generators.map(named);
  if (key === "agent") return names.agents.map(named);
  if (!schema) return [];
  return key === undefined ? keysAt(schema, path) : valuesAt(schema, [...path, key]);
}

function named(word: string): Suggestion {
  return { word, detail: undefined };
}
