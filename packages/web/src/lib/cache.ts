import { cacheExchange, type UpdateResolver } from "@urql/exchange-graphcache";
import { possibleTypes, typesWithoutId } from "../gql/generated/cache-types.ts";

/**
 * Without the whole schema the cache tries every fragment of a union when it writes, and reports each field of the
 * other members as missing (it then skips them). The rest of what it says in development is worth reading.
 */
function log(severity: "debug" | "error" | "warn", message: string): void {
  if (!message.startsWith("Invalid undefined")) console[severity](message);
}

/** Lists that a mutation adds to or takes from. What shows one reads it again by itself. */
const CHANGED_LISTS = {
  createApiKey: "apiKeys",
  revokeApiKey: "apiKeys",
  invitePerson: "invitations",
  revokeInvitation: "invitations",
  deactivatePerson: "people",
  reactivatePerson: "people",
  renamePerson: "people",
  createWebhook: "webhooks",
  deleteWebhook: "webhooks",
} as const;

function forget(list: string): UpdateResolver {
  return (_result, _args, cache) => {
    for (const { fieldName, arguments: args } of cache.inspectFields("Query")) {
      if (fieldName === list) cache.invalidate("Query", fieldName, args);
    }
  };
}

/**
 * One normalised cache for all pages. Events, mutations and queries all write the same nodes, so a vote cast
 * elsewhere changes every place that shows the candidate. Types without an id belong to their parent node.
 */
export function createCacheExchange() {
  return cacheExchange({
    possibleTypes,
    keys: Object.fromEntries(typesWithoutId.map((name) => [name, () => null])),
    updates: {
      Mutation: Object.fromEntries(Object.entries(CHANGED_LISTS).map(([mutation, list]) => [mutation, forget(list)])),
    },
    logger: log,
  });
}
