import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SetupError } from "@sluice/db";
import { describe, expect, it } from "vitest";
import { checkAddress, listen } from "./listen.ts";

describe("checkAddress", () => {
  it("says in words that a port is taken", async () => {
    await using server = createServer();
    await listen(server, 0, "127.0.0.1");
    const { port } = server.address() as AddressInfo;
    const refused = await checkAddress(port, "127.0.0.1").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SetupError);
    expect(String(refused)).toContain(`Port ${port} on 127.0.0.1 is taken.`);
  });

  it("leaves a free port free", async () => {
    const port = await freePort();
    await checkAddress(port, "127.0.0.1");
    await using server = createServer();
    await listen(server, port, "127.0.0.1");
    expect(server.address()).toMatchObject({ port });
  });

  it("knows an address that this machine does not have", async () => {
    await expect(checkAddress(0, "192.0.2.1")).rejects.toThrow("HOST=192.0.2.1 is no address of this machine.");
  });
});

async function freePort(): Promise<number> {
  await using server = createServer();
  await listen(server, 0, "127.0.0.1");
  return (server.address() as AddressInfo).port;
}
