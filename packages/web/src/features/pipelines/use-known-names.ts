import { useMemo } from "react";
import { useQuery } from "urql";
import { graphql } from "../../gql/generated/index.ts";
import type { KnownNames } from "./completions.ts";

const KnownNamesQuery = graphql(`
  query KnownNames {
    generators {
      name
    }
    agents {
      name
    }
  }
`);

/** The generators and agents that a document may name; none until they are there. */
export function useKnownNames(): KnownNames {
  const [{ data }] = useQuery({ query: KnownNamesQuery });
  return useMemo(
    () => ({
      generators: data?.generators.map(({ name }) => name) ?? [],
      agents: data?.agents.map(({ name }) => name) ?? [],
    }),
    [data],
  );
}
