import { Client, fetchExchange, mapExchange, subscriptionExchange } from "urql";
import { createCacheExchange } from "./cache.ts";
import { createLiveSocket } from "./live-socket.ts";
import { resumable } from "./resume.ts";
import { goToSignIn, isUnauthenticated } from "./sign-in.ts";

/** The GraphQL client of the dashboard: same origin, cookie session, queries over HTTP, subscriptions over one WebSocket. */
export function createUrqlClient(): Client {
  const socket = createLiveSocket();
  return new Client({
    url: "/graphql",
    // Yoga answers GET only for queries, and POST keeps prompts out of access logs.
    preferGetMethod: false,
    fetchOptions: { credentials: "same-origin" },
    requestPolicy: "cache-and-network",
    exchanges: [
      mapExchange({
        onError(error) {
          if (isUnauthenticated(error)) goToSignIn();
        },
      }),
      createCacheExchange(),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription(request) {
          const { payload, advance } = resumable({
            query: request.query ?? "",
            variables: (request.variables ?? {}) as Record<string, unknown>,
          });
          return {
            subscribe(sink) {
              const unsubscribe = socket.subscribe<Record<string, unknown>>(payload, {
                next(result) {
                  advance(result.data);
                  sink.next(result as Parameters<typeof sink.next>[0]);
                },
                error: (error) => sink.error(error),
                complete: () => sink.complete(),
              });
              return { unsubscribe };
            },
          };
        },
      }),
    ],
  });
}
