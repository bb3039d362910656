import type { LookupAddress, lookup } from "node:dns";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { apiFetch, patientConnections } from "./api-fetch.ts";
import { publicLookup } from "./public-lookup.ts";

/** A resolver that knows every name. */
function resolver(...addresses: string[]): typeof lookup {
  const found = addresses.map((address): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 }));
  const answer = (_name: string, _options: unknown, callback: (error: null, found: LookupAddress[]) => void) =>
    callback(null, found);
  return answer as unknown as typeof lookup;
}

function lookUp(...addresses: string[]): Promise<unknown> {
  return new Promise((resolve, reject) =>
    publicLookup(resolver(...addresses))("pictures.example", { all: true }, (error, found) =>
      error ? reject(error) : resolve(found),
    ),
  );
}

describe("names that a provider gives", () => {
  it.each([["93.184.215.14"], ["2606:2800:21f:cb07::1"]])("lead to the internet: %s", async (address) => {
    expect(await lookUp(address)).toMatchObject([{ address }]);
  });

  it.each([
    ["127.0.0.1"],
    ["10.1.2.3"],
    ["169.254.169.254"],
    ["::1"],
    ["fe80::1"],
    ["fd00::1"],
    ["::ffff:10.0.0.1"],
    ["2002:a00:1::"],
  ])("and not into this network: %s", async (address) => {
    await expect(lookUp(address)).rejects.toThrow("no host of the internet");
    await expect(lookUp("93.184.215.14", address)).rejects.toThrow("no host of the internet");
  });

  it("are connected to only where they are public or the provider's own", async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.end("here");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const fetchFor = (home: string) =>
      apiFetch({
        connections: patientConnections(home),
        signal: new AbortController().signal,
        onPause() {},
        onResume() {},
      });
    const url = `http://localhost:${port}/a.png`;
    expect(await (await fetchFor(`http://localhost:${port}/v1`)(url)).text()).toBe("here");
    await expect(fetchFor("http://elsewhere.example/v1")(url)).rejects.toMatchObject({
      cause: { message: expect.stringContaining("no host of the internet") as string },
    });
    expect(asked).toBe(1);
    server.closeAllConnections();
    server.close();
  });
});
