import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Actor } from "@sluice/engine";
import { type DocumentNode, type ExecutionArgs, GraphQLError } from "graphql";
import type { SubscribePayload } from "graphql-ws";
import { useServer } from "graphql-ws/use/ws";
import { WebSocket, WebSocketServer } from "ws";
import type { AccessWatch } from "../auth/access-watch.ts";
import type { RequestIdentity } from "../auth/authenticate.ts";
import type { Yoga } from "./yoga.ts";

type Extra = Record<PropertyKey, unknown> & {
  /** How the socket was let in. */
  identity?: RequestIdentity;
  endWatch?: () => void;
};

/** A query and its variables are small; nothing else is sent to us. */
const MAX_MESSAGE_BYTES = 1024 * 1024;
/** Operations at a time on one socket. The dashboard has 5 at most. */
const MAX_OPERATIONS = 100;
/** What may wait in this process for a client to read it. The largest answers have some hundred kilobytes. */
const MAX_UNREAD_BYTES = 8 * 1024 * 1024;

const FORBIDDEN = 4403;
const UNREAD = 4429;
/** Clients of graphql-ws come back after this one: where we could not ask, and where somebody has other rights now. */
const TRY_AGAIN_LATER = 1013;

/**
 * GraphQL over WebSocket (graphql-transport-ws) at /graphql. Whoever has neither a session cookie from our own origin
 * nor a token in `connectionParams.authorization` is closed with 4403, and so is a socket whose session or token ends;
 * one whose rights change is closed with 1013, to come back with those it has now.
 */
export function serveWebSocket(
  server: Server,
  deps: {
    readonly yoga: Yoga;
    readonly authenticate: (identity: RequestIdentity) => Promise<Actor | null>;
    readonly access: AccessWatch;
    /** Hears of failures of ours; clients are told that there was one. */
    readonly onError: (error: unknown) => void;
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
    sockets.handleUpgrade(request, socket, head, (opened) => {
      // Before it is looked at: every message has an answer, which such a socket would leave with us.
      opened.on("message", () => closeUnread(opened));
      sockets.emit("connection", opened, request);
    });
  };
  server.on("upgrade", onUpgrade);

  const graphql = useServer<{ authorization?: unknown }, Extra>(
    {
      onConnect: async ({ connectionParams, extra }) => {
        const identity = identityOf(extra.request, connectionParams?.authorization);
        try {
          const actor = await deps.authenticate(identity);
          if (!actor || extra.socket.readyState !== WebSocket.OPEN) return false;
          extra.identity = identity;
          extra.endWatch = deps.access.watch(identity, actor, (why) =>
            why === "GONE"
              ? extra.socket.close(FORBIDDEN, "Forbidden")
              : extra.socket.close(TRY_AGAIN_LATER, "Your rights have changed"),
          );
          return true;
        } catch (error) {
          deps.onError(error);
          extra.socket.close(TRY_AGAIN_LATER, "Try again later");
          return false;
        }
      },
      onClose: ({ extra }) => extra.endWatch?.(),
      onSubscribe: async ({ extra, subscriptions }, _id, payload) => {
        // This one is among them.
        if (Object.keys(subscriptions).length > MAX_OPERATIONS) return [tooManyOperations()];
        try {
          const actor = extra.identity ? await deps.authenticate(extra.identity) : null;
          if (actor) return await executionArgs(deps.yoga, actor, payload);
        } catch (error) {
          // Thrown on, it would close the socket, and with it everything else that it carries.
          deps.onError(error);
          return [failed()];
        }
        extra.socket.close(FORBIDDEN, "Forbidden");
        return [signedOut()];
      },
      onNext: ({ extra }) => closeUnread(extra.socket),
      // Whatever happens, the reason of a close tells nothing of what is within.
      isProd: true,
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
async function executionArgs(yoga: Yoga, actor: Actor, payload: SubscribePayload) {
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

function identityOf({ headers }: IncomingMessage, token: unknown): RequestIdentity {
  return {
    authorization: typeof token === "string" ? token : headers.authorization,
    cookie: headers.cookie,
    origin: headers.origin,
    host: headers.host,
  };
}

function closeUnread(socket: WebSocket): void {
  if (socket.readyState !== WebSocket.OPEN || socket.bufferedAmount <= MAX_UNREAD_BYTES) return;
  socket.close(UNREAD, "Too much is waiting for you to read it");
}

function tooManyOperations(): GraphQLError {
  const message = `One socket carries ${MAX_OPERATIONS} operations at a time. Complete some, or open another socket.`;
  return new GraphQLError(message, { extensions: { code: "TOO_MANY_OPERATIONS" } });
}

function signedOut(): GraphQLError {
  return new GraphQLError("You are no longer signed in.", { extensions: { code: "UNAUTHENTICATED" } });
}

function failed(): GraphQLError {
  const message = "Something went wrong on the server. Its log tells more.";
  return new GraphQLError(message, { extensions: { code: "INTERNAL_SERVER_ERROR" } });
}

function preferProtocol(protocols: Set<string>): string | false {
  return protocols.has("graphql-transport-ws") ? "graphql-transport-ws" : false;
}
