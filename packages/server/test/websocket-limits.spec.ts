import { afterAll, beforeAll, expect, it } from "vitest";
import { rawSocket } from "./kit/raw-socket.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";

const RUNS = "subscription { runsChanged { id } }";
const VIEWER = "{ viewer { name } }";

let kit: ServerKit;
beforeAll(async () => {
  kit = await serverKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

it("one socket carries 100 operations; one more is refused by itself, and what ends makes room", async () => {
  using socket = await rawSocket(kit, { token: await kit.token() });
  for (let index = 0; index < 100; index++) socket.subscribe(`s${index}`, RUNS);
  socket.subscribe("one more", VIEWER);
  expect(await socket.message(({ id }) => id === "one more")).toMatchObject({
    type: "error",
    payload: [{ extensions: { code: "TOO_MANY_OPERATIONS" } }],
  });
  socket.send({ id: "s0", type: "complete" });
  socket.subscribe("instead", VIEWER);
  expect(await socket.message(({ id }) => id === "instead")).toMatchObject({
    type: "next",
    payload: { data: { viewer: { name: "ada" } } },
  });
});

it("a socket that asks and does not read is closed before it fills the memory", async () => {
  using socket = await rawSocket(kit, { token: await kit.token() });
  socket.socket.pause();
  // Each is answered with as much; the kernel takes some of it, and the rest would wait in the server.
  const ping = JSON.stringify({ type: "ping", payload: { filler: "x".repeat(900_000) } });
  for (let sent = 0; sent < 40; sent++) await new Promise((resolve) => socket.socket.send(ping, resolve));
  socket.socket.resume();
  expect((await socket.closed).code).toBe(4429);
});

it("a failure of ours closes no socket that is open, and tells nothing of what is within", async () => {
  const token = await kit.token();
  using open = await rawSocket(kit, { token });
  await kit.db.query("ALTER TABLE api_keys RENAME TO elsewhere");
  try {
    open.subscribe("1", VIEWER);
    const { type, payload } = await open.message(({ id }) => id === "1");
    expect([type, payload]).toEqual([
      "error",
      [expect.objectContaining({ extensions: { code: "INTERNAL_SERVER_ERROR" } })],
    ]);
    expect(JSON.stringify(payload)).not.toContain("api_keys");

    using late = await rawSocket(kit);
    late.send({ type: "connection_init", payload: { authorization: `Bearer ${token}` } });
    expect(await late.closed).toEqual({ code: 1013, reason: "Try again later" });
  } finally {
    await kit.db.query("ALTER TABLE elsewhere RENAME TO api_keys");
  }
  open.subscribe("2", VIEWER);
  expect(await open.message(({ id }) => id === "2")).toMatchObject({ type: "next" });
  expect(kit.logged).toHaveLength(2);
  for (const line of kit.logged) expect(line).toContain(`relation \\"api_keys\\" does not exist`);
});
