import { useQuery } from "urql";
import { graphql } from "../../gql/generated/index.ts";

const KnownGeneratorsQuery = graphql(`
  query KnownGenerators {
    generators {
      name
    }
  }
`);

interface WithSteps {
  readonly steps: readonly { readonly generator: string | null }[];
}

/** The generators that a pipeline's steps name and that are not among `known`, each once, in the order of the steps. */
export function missingGenerators({ steps }: WithSteps, known: ReadonlySet<string>): string[] {
  const named = steps.flatMap(({ generator }) => (generator === null ? [] : [generator]));
  return [...new Set(named)].filter((name) => !known.has(name));
}

/** `Its generator "comfy" is not here any more.`; undefined where all are there. */
export function wordsForMissing(missing: readonly string[]): string | undefined {
  if (missing.length === 0) return undefined;
  const names = missing.map((name) => `"${name}"`).join(", ");
  return missing.length === 1 ? `Its generator ${names} is not here any more.` : `${names} are not here any more.`;
}

/** The names of the generators that the server knows; undefined until they are there. */
export function useKnownGenerators(): ReadonlySet<string> | undefined {
  const [{ data }] = useQuery({ query: KnownGeneratorsQuery });
  return data && new Set(data.generators.map(({ name }) => name));
}
