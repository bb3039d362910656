import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Actor } from "@sluice/engine";
import { type DocumentNode, type ExecutionArgs, GraphQLError } from "graphql";
import type { SubscribePayload } from "graphql-ws";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import type { RequestIdentity } from "../auth/authenticate.ts";
import type { Yoga } from "./yoga.ts";

type Extra = Record<PropertyKey, unknown> & {
  actor?: Actor;
};

/** A query and its variables are small; nothing else is sent to us. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/**
 * GraphQL over WebSocket (graphql-transport-ws) at /graphql. Whoever has neither a session cookie from our own origin
 * nor a token in `connectionParams.authorization` is closed with 4403.
 */
export function serveWebSocket(
  server: Server,
  deps: {
    readonly yoga: Yoga;
    readonly authenticate: (identity: RequestIdentity) => Promise<Actor | null>;
  },
): AsyncDisposable {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: preferProtocol,
  });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // A browser that leaves resets its connection, which is no news to anybody.
    socket.on("error", () => socket.destroy());
    if (URL.parse(request.url ?? "", "http://localhost")?.pathname !== "/graphql") {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit("connection", opened, request));
  };
  server.on("upgrade", onUpgrade);

  const graphql = useServer<{ authorization?: unknown }, Extra>(
    {
      onConnect: async (context) => {
        const headers = context.extra.request.headers;
        const token = context.connectionParams?.authorization;
        const actor = await deps.authenticate({
          authorization: typeof token === "string" ? token : headers.authorization,
          cookie: headers.cookie,
          origin: headers.origin,
          host: headers.host,
        });
        if (!actor) return false;
        context.extra.actor = actor;
        return true;
      },
      onSubscribe: async (context, _id, payload) => await executionArgs(deps.yoga, context.extra.actor, payload),
      execute: (args) => (args as EnvelopedArgs).rootValue.execute(args),
      subscribe: (args) => (args as EnvelopedArgs).rootValue.subscribe(args),
    },
    sockets,
    // A socket that answers no ping is dead, however the network looks.
    12_000,
  );

  return {
    async [Symbol.asyncDispose]() {
      server.off("upgrade", onUpgrade);
      await graphql.dispose();
    },
  };
}

interface EnvelopedArgs extends ExecutionArgs {
  rootValue: { execute: (args: ExecutionArgs) => never; subscribe: (args: ExecutionArgs) => never };
}

/** Has Yoga parse, validate and later run the operation, so that sockets get the same errors and limits as HTTP. */
async function executionArgs(yoga: Yoga, actor: Actor | undefined, payload: SubscribePayload) {
  if (!actor) throw new Error("A socket that was not let in has asked for something.");
  const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({ actor, params: payload });
  const document = parsed(() => parse(payload.query));
  // An error that is thrown here would close the socket, and with it everything else that it carries.
  if (document instanceof GraphQLError) return [document];
  const errors = validate(schema, document);
  if (errors.length > 0) return errors;
  return {
    schema,
    document,
    operationName: payload.operationName,
    variableValues: payload.variables,
    contextValue: await contextFactory(),
    rootValue: { execute, subscribe },
  } as never;
}

function parsed(parse: () => DocumentNode): DocumentNode | GraphQLError {
  try {
    return parse();
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function preferProtocol(protocols: Set<string>): string | false {
  return protocols.has("graphql-transport-ws") ? "graphql-transport-ws" : false;
}
