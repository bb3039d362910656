import type { IncomingMessage, Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";

export interface Sockets {
  /** To the client of that id, where it is connected; nobody else hears of it, and nothing is kept for later. */
  send(clientId: unknown, event: string, data: object): void;
  sendPicture(clientId: unknown, png: Uint8Array): void;
  broadcast(event: string, data: object): void;
  closeAll(): void;
  /** Headers that clients have connected with. */
  readonly headers: readonly IncomingMessage["headers"][];
}

const PREVIEW_IMAGE = 1;
const PNG = 2;

/** As the handler of `/ws`: one socket per client id, of which the newest counts. */
export function sockets(server: Server, status: () => object, refuse: () => boolean): Sockets {
  const clients = new Map<string, WebSocket>();
  const headers: IncomingMessage["headers"][] = [];
  const accepting = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (refuse()) return void socket.destroy();
    accepting.handleUpgrade(request, socket, head, (client) => {
      headers.push(request.headers);
      const id = new URL(request.url ?? "/", "http://localhost").searchParams.get("clientId") || crypto.randomUUID();
      clients.set(id, client);
      client.on("error", () => {});
      client.on("close", () => clients.get(id) === client && clients.delete(id));
      client.send(JSON.stringify({ type: "status", data: { status: status(), sid: id } }));
    });
  });
  const frame = (event: string, data: object): string => JSON.stringify({ type: event, data });
  return {
    headers,
    send: (clientId, event, data) => clients.get(String(clientId))?.send(frame(event, data)),
    sendPicture(clientId, png) {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(PREVIEW_IMAGE, 0);
      head.writeUInt32BE(PNG, 4);
      clients.get(String(clientId))?.send(Buffer.concat([head, png]));
    },
    broadcast(event, data) {
      for (const client of clients.values()) client.send(frame(event, data));
    },
    closeAll() {
      for (const client of clients.values()) client.terminate();
      clients.clear();
    },
  };
}
