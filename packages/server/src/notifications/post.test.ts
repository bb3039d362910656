import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, it } from "vitest";
import { post } from "./post.ts";
import { receiverGuard } from "./receiver-guard.ts";

/** Posts to a receiver that does with the connection what it likes. */
async function postTo(behave: (socket: Socket) => void, timeoutMs = 30_000) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    socket.once("data", () => behave(socket));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await post(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
      guard: receiverGuard({ allowPrivate: true }),
      headers: { "content-type": "application/json" },
      body: "{}",
      timeoutMs,
      signal: new AbortController().signal,
    });
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

it("F16: a receiver that wants to switch protocols has answered, and holds nobody up", async () => {
  const upgrade = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
  expect(await postTo((socket) => socket.write(upgrade))).toEqual({ status: 101, retryAfter: undefined });
});

it("F16: a receiver that closes without an answer, writes nonsense, or never answers is a failure", async () => {
  await expect(postTo((socket) => socket.end())).rejects.toThrow();
  await expect(postTo((socket) => socket.end("what?\r\n\r\n"))).rejects.toThrow();
  await expect(postTo((socket) => socket.write("HTTP/1.1 100 Continue\r\n\r\n"), 300)).rejects.toThrow(/timeout/);
});

it("takes the head of an answer, and does not wait for its body", async () => {
  const endless = "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 1000000\r\n\r\n";
  expect(await postTo((socket) => socket.write(endless))).toEqual({ status: 503, retryAfter: "7" });
});
