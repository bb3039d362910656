import { createClient } from "graphql-ws";
import WebSocket from "ws";
import type { ServerKit } from "./server-kit.ts";

/** Where to connect, and as whom. */
export type Connectable = Pick<ServerKit, "url" | "token">;

export interface Result<T> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** A subscription on a connection of its own. */
export interface Reader<T> extends AsyncDisposable {
  /** The next result, whatever it holds. */
  result(): Promise<IteratorResult<Result<T>>>;
  /** The next result's data; fails when there is none. */
  next(): Promise<T>;
  /** Reads on to the first value that `fits`, and gives all that were read. */
  until(fits: (value: T) => boolean): Promise<T[]>;
  /** Ends the subscription and tells the server. */
  leave(): Promise<void>;
  /** Breaks the connection as a network does: without a word. */
  cut(): Promise<void>;
}

export type Transport = "websocket" | "sse";

interface Options {
  readonly as?: string;
  /** Of another server than the kit's. */
  readonly url?: string;
}

/** Subscribes over a real connection. */
export async function subscribe<T>(
  kit: Connectable,
  transport: Transport,
  query: string,
  variables: object = {},
  options: Options = {},
): Promise<Reader<T>> {
  return transport === "websocket"
    ? await overWebSocket(kit, query, variables, options)
    : await overSse(kit, query, variables, options);
}

/** A WebSocket reader, with the socket that it reads from. */
export async function overWebSocket<T>(
  kit: Connectable,
  query: string,
  variables: object = {},
  { as = "ada", url = kit.url }: Options = {},
): Promise<Reader<T> & { readonly socket: WebSocket }> {
  const { client, socket } = await openSocket(kit, as, url);
  const results = client.iterate({ query, variables: variables as never });
  // Taken at once, so that nothing is left unread in the client when the test pauses the socket.
  const closed = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
  return {
    ...reader(results as AsyncIterableIterator<Result<T>>, () => Promise.resolve(client.dispose())),
    socket,
    async cut() {
      socket.terminate();
      await closed;
    },
  };
}

export async function openSocket(kit: Connectable, as: string, url: string) {
  const opened = Promise.withResolvers<WebSocket>();
  class WatchedSocket extends WebSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args);
      opened.resolve(this);
    }
  }
  const client = createClient({
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WatchedSocket,
    connectionParams: { authorization: `Bearer ${await kit.token(as)}` },
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => {},
  });
  return { client, socket: await opened.promise };
}

async function overSse<T>(
  kit: Connectable,
  query: string,
  variables: object,
  { as = "ada", url = kit.url }: Options,
): Promise<Reader<T>> {
  const stop = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: {
      accept: "text/event-stream",
      authorization: `Bearer ${await kit.token(as)}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ query, variables }),
    signal: stop.signal,
  });
  if (!response.headers.get("content-type")?.startsWith("text/event-stream") || !response.body) {
    throw new Error(`${response.status}, no event stream: ${await response.text()}`);
  }
  const results = parseSse<T>(response.body);
  const cut = async (): Promise<void> => stop.abort();
  return { ...reader(results, cut), cut };
}

async function* parseSse<T>(body: ReadableStream<Uint8Array>): AsyncGenerator<Result<T>, undefined> {
  let text = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream() as never) as unknown as AsyncIterable<string>) {
    text += chunk;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const message = text.slice(0, end);
      text = text.slice(end + 2);
      if (message.startsWith("event: complete")) return undefined;
      if (message.startsWith("event: next\ndata: ")) yield JSON.parse(message.slice("event: next\ndata: ".length));
    }
  }
  return undefined;
}

function reader<T>(results: AsyncIterator<Result<T>>, close: () => Promise<void>): Omit<Reader<T>, "cut"> {
  const next = async (): Promise<T> => {
    const { value, done } = await results.next();
    if (done) throw new Error("The subscription has ended.");
    if (value.errors || !value.data) throw new Error(JSON.stringify(value.errors));
    return value.data;
  };
  return {
    result: () => results.next(),
    next,
    async until(fits) {
      const values = [await next()];
      while (!fits(values.at(-1) as T)) values.push(await next());
      return values;
    },
    leave: close,
    [Symbol.asyncDispose]: close,
  };
}
