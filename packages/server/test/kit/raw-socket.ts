import WebSocket from "ws";
import type { ServerKit } from "./server-kit.ts";

interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** A socket that speaks graphql-transport-ws by hand, for what a client library would not do. */
export interface RawSocket extends Disposable {
  readonly socket: WebSocket;
  send(message: Message): void;
  subscribe(id: string, query: string): void;
  /** The next message that `fits`, of those that have come or will. */
  message(fits: (message: Message) => boolean): Promise<Message>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** Opens a socket; with a token or a cookie it is acknowledged when this resolves. */
export async function rawSocket(
  kit: ServerKit,
  as: { readonly token?: string; readonly cookie?: string } = {},
): Promise<RawSocket> {
  const socket = new WebSocket(`${kit.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", {
    headers: as.cookie ? { cookie: as.cookie } : {},
  });
  const messages: Message[] = [];
  const listeners = new Set<() => void>();
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on("close", (code, reason) => resolve({ code, reason: String(reason) }));
  });
  socket.on("message", (data) => {
    messages.push(JSON.parse(String(data)) as Message);
    for (const listener of listeners) listener();
  });
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  const raw: RawSocket = {
    socket,
    closed,
    send: (message) => socket.send(JSON.stringify(message)),
    subscribe: (id, query) => raw.send({ id, type: "subscribe", payload: { query } }),
    message: (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = messages.find(fits);
          if (!found) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
      }),
    [Symbol.dispose]: () => socket.terminate(),
  };
  if (as.token ?? as.cookie) {
    raw.send({ type: "connection_init", ...(as.token && { payload: { authorization: `Bearer ${as.token}` } }) });
    await raw.message(({ type }) => type === "connection_ack");
  }
  return raw;
}
