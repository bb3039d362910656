import { cacheExchange } from "@urql/exchange-graphcache";
import { possibleTypes, typesWithoutId } from "../gql/generated/cache-types.ts";

/**
 * One normalised cache for all pages. Events, mutations and queries all write the same nodes, so a vote cast
 * elsewhere changes every place that shows the candidate. Types without an id belong to their parent node.
 */
export function createCacheExchange() {
  return cacheExchange({
    possibleTypes,
    keys: Object.fromEntries(typesWithoutId.map((name) => [name, () => null])),
  });
}
