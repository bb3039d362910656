import { Client, fetchExchange, mapExchange, subscriptionExchange } from "urql";
import { createCacheExchange } from "./cache.ts";
import { connection } from "./connection-state.ts";
import { keepLastExchange } from "./keep-last.ts";
import { type LiveSink, runLive } from "./live-operation.ts";
import { createLiveSocket } from "./live-socket.ts";
import { goToSignIn, isUnauthenticated } from "./sign-in.ts";
import { noteViewer, requestOptions } from "./signed-in-as.ts";

/** The GraphQL client of the dashboard: same origin, cookie session, queries over HTTP, subscriptions over one WebSocket. */
export function createUrqlClient(): Client {
  const socket = createLiveSocket();
  return new Client({
    url: "/graphql",
    // Yoga answers GET only for queries, and POST keeps prompts out of access logs.
    preferGetMethod: false,
    fetchOptions: requestOptions,
    requestPolicy: "cache-and-network",
    exchanges: [
      mapExchange({
        onError(error) {
          if (isUnauthenticated(error)) goToSignIn();
        },
        onResult({ data }: { readonly data?: { readonly viewer?: { readonly id?: string } } | null }) {
          if (data?.viewer?.id !== undefined) noteViewer(data.viewer.id);
        },
      }),
      keepLastExchange,
      createCacheExchange(),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = "", variables = {} }) => ({
          subscribe(sink) {
            const payload = { query, variables: variables as Record<string, unknown> };
            return { unsubscribe: runLive(socket, payload, sink as LiveSink, connection.catchUp) };
          },
        }),
      }),
    ],
  });
}
