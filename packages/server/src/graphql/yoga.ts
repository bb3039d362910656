import { randomUUID } from "node:crypto";
import { renderGraphiQL } from "@graphql-yoga/render-graphiql";
import type { PrismaClient } from "@sluice/db";
import {
  type Actor,
  type AgentCatalog,
  type Engine,
  ForbiddenError,
  type GeneratorCatalog,
  isBusy,
  isTimedOut,
} from "@sluice/engine";
import { type Identity, type NotificationPort, type SchemaContext, type SetupPort, schema } from "@sluice/schema";
import { GraphQLError } from "graphql";
import { createYoga, type Plugin, type YogaServerInstance } from "graphql-yoga";
import type { Logger } from "pino";
import { API_STATEMENT_MS } from "../open-pool.ts";
import { createSubscriptions, type Subscriptions } from "./shared-subscriptions.ts";
import { useQueryLimits } from "./use-query-limits.ts";

export interface GraphqlDeps {
  readonly engine: Engine;
  readonly prisma: PrismaClient;
  /** What the operator has set up, as it is whenever it is asked. */
  readonly catalog: { generators(): GeneratorCatalog; agents(): AgentCatalog };
  readonly setup: SetupPort;
  readonly identity: Identity;
  readonly notifications: NotificationPort;
  readonly log: Logger;
  /** Shows GraphiQL to a browser that opens /graphql. */
  readonly graphiql: boolean;
}

/** What the transport knows of a request. */
export interface RequestContext {
  readonly actor: Actor;
}

export type Yoga = YogaServerInstance<RequestContext, SchemaContext>;

/** The GraphQL server for HTTP and SSE; the WebSocket runs its operations through the same one. */
export function createGraphql(deps: GraphqlDeps): Yoga {
  const masking = (error: unknown): Error => maskError(error, deps.log);
  return createYoga<RequestContext, SchemaContext>({
    schema,
    graphqlEndpoint: "/graphql",
    landingPage: false,
    // Cookies count for our own origin alone; nobody else's page has business here.
    cors: false,
    graphiql: deps.graphiql,
    renderGraphiQL,
    logging: false,
    batching: false,
    context: ({ actor, request }: RequestContext & { readonly request?: Request }) => ({
      engine: deps.engine,
      prisma: deps.prisma,
      generators: deps.catalog.generators(),
      agents: deps.catalog.agents(),
      setup: deps.setup,
      identity: deps.identity,
      notifications: deps.notifications,
      actor,
      gone: request?.signal ?? null,
      loaders: new WeakMap(),
    }),
    plugins: [useQueryLimits(), useSubscriptions(createSubscriptions({ maskError: masking }))],
    maskedErrors: { maskError: masking },
  });
}

function useSubscriptions({ subscribe }: Subscriptions): Plugin {
  return { onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe) };
}

/** Errors that were meant for clients pass; anything else is logged, and the client gets the number to ask with. */
function maskError(error: unknown, log: Logger): Error {
  if (error instanceof GraphQLError && (!error.originalError || error.originalError instanceof GraphQLError))
    return error;
  const errorId = randomUUID();
  const known = error instanceof GraphQLError ? error : undefined;
  const cause = known ? known.originalError : error;
  const place = { ...(known?.nodes && { nodes: known.nodes }), ...(known?.path && { path: known.path }) };
  if (cause instanceof ForbiddenError) {
    return new GraphQLError(cause.message, { extensions: { code: "FORBIDDEN" }, ...place });
  }
  if (isBusy(cause)) {
    log.warn({ err: cause, errorId, path: known?.path }, "a GraphQL operation waited too long for its turn");
    const message = "The run is busy: what others do with it takes too long. Nothing was done; try again in a moment.";
    return new GraphQLError(message, { extensions: { code: "BUSY", errorId }, ...place });
  }
  if (isTimedOut(cause)) {
    log.warn({ err: cause, errorId, path: known?.path }, "a statement of a GraphQL operation took too long");
    const message = `This took the database more than ${API_STATEMENT_MS / 1_000} seconds and was stopped; nothing was changed. Ask for less: search within one run or step, narrow the filters down, or ask for fewer at a time. Exports may take as long as they need.`;
    return new GraphQLError(message, { extensions: { code: "TIMED_OUT", errorId }, ...place });
  }
  log.error({ err: cause, errorId, path: known?.path }, "a GraphQL operation failed");
  return new GraphQLError(`Something went wrong on the server. Its log tells more under the error id ${errorId}.`, {
    extensions: { code: "INTERNAL_SERVER_ERROR", errorId },
    ...place,
  });
}
