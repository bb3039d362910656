import type { Channel } from "@sluice/engine";
import { type SchemaContext, type Sharing, sharingOf } from "@sluice/schema";
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  executeSubscriptionEvent,
  GraphQLError,
  type GraphQLSchema,
  validateSubscriptionArgs,
} from "graphql";
import { type EventResultsDeps, eventResults } from "./event-results.ts";
import { type SharedStream, sharedStream } from "./shared-stream.ts";
import { subscriptionKey } from "./subscription-key.ts";

export interface Subscriptions {
  /** Starts a subscription, or says with an errors-only result why not. */
  subscribe(args: ExecutionArgs): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;
  /** Streams that run and have, or may get, several readers. */
  readonly shared: number;
}

/**
 * Runs subscriptions, identical ones together: those who ask the same with the same rights read from one source, and
 * each of its events is executed once. The source ends when its last reader leaves.
 *
 * Each reader still runs the field's `subscribe`, so that it is refused what it may not see, and one that joins a state
 * reads its first value itself: nobody is shown a state that is older than the moment at which it asked.
 *
 * Logs (`runEvents`) are not shared: their readers stand at different cursors, and a batch must follow exactly on what
 * its reader has.
 *
 * @param deps.maskError turns what a resolver threw into what a client may see
 */
export function createSubscriptions({ maskError }: { readonly maskError: (error: unknown) => Error }): Subscriptions {
  const streams = new Map<string, SharedStream<ExecutionResult>>();
  // Masked here, before it is shared: an error is logged once, under one id.
  const failed = (error: unknown): ExecutionResult => ({ errors: [maskError(error) as GraphQLError] });
  const masked = (result: ExecutionResult): ExecutionResult =>
    result.errors ? { ...result, errors: result.errors.map((error) => maskError(error) as GraphQLError) } : result;

  return {
    get shared() {
      return streams.size;
    },
    async subscribe(args) {
      const validated = validateSubscriptionArgs({ ...args, rootValue: undefined });
      if (!("schema" in validated)) return { errors: validated };
      const source = await createSourceEventStream(validated);
      if (!isEventStream(source)) return masked(source);

      const context = args.contextValue as SchemaContext;
      const inContext = (contextOfEvent: () => SchemaContext): EventResultsDeps<ExecutionResult> => ({
        source,
        execute: async (event) =>
          masked(await executeSubscriptionEvent({ ...validated, rootValue: event, contextValue: contextOfEvent() })),
        failed,
      });
      const forOne = inContext(() => freshContext(context));
      const { delivery, viewerSpecific } = sharing(args.schema, args.document, args.operationName);
      if (delivery === "log") return eventResults(forOne);

      const { id, role, scopes } = context.actor;
      const rights = JSON.stringify([viewerSpecific ? id : null, role, scopes]);
      const key = subscriptionKey(args, rights);
      const running = streams.get(key);
      if (running) {
        if (delivery === "state") return running.join(eventResults(forOne, 1));
        void source[Symbol.asyncIterator]().return?.();
        return running.join();
      }
      const stream = sharedStream({
        ...(viewerSpecific ? forOne : inContext(() => anybodysContext(context))),
        keyOf: (event) => (delivery === "each" ? event : "state"),
        tooSlow,
        onEnd: () => {
          if (streams.get(key) === stream) streams.delete(key);
        },
      });
      streams.set(key, stream);
      return stream.join();
    },
  };
}

/** A context of its own for each event: loaders and caches of the last one know nothing of what changed since. */
function freshContext(context: SchemaContext): SchemaContext {
  return { ...context, loaders: new WeakMap() };
}

/**
 * For results that several people get, who have their rights in common. A field that depends on the person has to say
 * so, or it fails here.
 */
function anybodysContext(context: SchemaContext): SchemaContext {
  const { role, scopes } = context.actor;
  const unknown = (): never => {
    throw new Error("A field that reads who the actor is must have VIEWER_SPECIFIC in its `extensions`.");
  };
  const anybody = {
    role,
    scopes,
    get id(): number {
      return unknown();
    },
    get name(): string {
      return unknown();
    },
    get channel(): Channel {
      return unknown();
    },
    get email(): string | null {
      return unknown();
    },
  };
  return { ...freshContext(context), actor: anybody };
}

function tooSlow(): ExecutionResult {
  const message = "You have fallen too far behind. Subscribe again, and read anew what you show.";
  return { errors: [new GraphQLError(message, { extensions: { code: "TOO_SLOW" } })] };
}

function isEventStream(source: AsyncIterable<unknown> | ExecutionResult): source is AsyncIterable<unknown> {
  return Symbol.asyncIterator in source;
}

const known = new WeakMap<DocumentNode, Map<string | null | undefined, Sharing>>();

/** Parsed documents are kept by their text, so each is looked through once. */
function sharing(schema: GraphQLSchema, document: DocumentNode, operationName: string | null | undefined): Sharing {
  const ofDocument = known.get(document) ?? new Map<string | null | undefined, Sharing>();
  known.set(document, ofDocument);
  const found = ofDocument.get(operationName) ?? sharingOf(schema, document, operationName);
  ofDocument.set(operationName, found);
  return found;
}
