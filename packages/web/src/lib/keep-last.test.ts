import { cacheExchange } from "@urql/exchange-graphcache";
import { Client, fetchExchange, gql, type OperationResult } from "urql";
import { expect, it, vi } from "vitest";
import { keepLastExchange } from "./keep-last.ts";

const NAMES = gql("query Names { names }");
const answer = (body: object) => Promise.resolve(Response.json(body));
const refusal = (code: string) => answer({ data: null, errors: [{ message: "No.", extensions: { code } }] });

/** A page that shows the names: reads them, and again on demand from what `fetch` answers by then. */
function setUp() {
  const fetch = vi.fn(() => answer({ data: { names: ["ada"] } }));
  const exchanges = [keepLastExchange, cacheExchange(), fetchExchange];
  const client = new Client({ url: "http://localhost/graphql", preferGetMethod: false, exchanges, fetch });
  const results: OperationResult[] = [];
  const { unsubscribe } = client
    .query(NAMES, {}, { requestPolicy: "cache-and-network" })
    .subscribe((result) => void results.push(result));
  const readAgain = async (reads: () => Promise<Response>): Promise<OperationResult | undefined> => {
    fetch.mockImplementationOnce(reads);
    return await client.query(NAMES, {}, { requestPolicy: "network-only" }).toPromise();
  };
  return { results, readAgain, unsubscribe };
}

it.each([
  ["the server cannot be reached", () => Promise.reject(new TypeError("Failed to fetch"))],
  ["the server was not up to it", () => refusal("INTERNAL_SERVER_ERROR")],
])("what is shown stays where %s, with the error", async (_case, reads) => {
  const { results, readAgain } = setUp();
  await vi.waitFor(() => expect(results.at(-1)?.data).toEqual({ names: ["ada"] }));
  await readAgain(reads);
  expect(results.at(-1)?.error).toBeDefined();
  expect(results.at(-1)?.data).toEqual({ names: ["ada"] });

  await readAgain(() => answer({ data: { names: ["ada", "bob"] } }));
  expect(results.at(-1)).toMatchObject({ error: undefined, data: { names: ["ada", "bob"] } });
});

it("what is given up to be read again at once stays, as React reads again", async () => {
  const { results, readAgain, unsubscribe } = setUp();
  await vi.waitFor(() => expect(results.at(-1)?.data).toEqual({ names: ["ada"] }));
  unsubscribe();
  const result = await readAgain(() => Promise.reject(new TypeError("Failed to fetch")));
  expect(result).toMatchObject({ error: expect.anything(), data: { names: ["ada"] } });
});

it("what one may not see any more does not stay", async () => {
  const { results, readAgain } = setUp();
  await vi.waitFor(() => expect(results.at(-1)?.data).toEqual({ names: ["ada"] }));
  await readAgain(() => refusal("FORBIDDEN"));
  expect(results.at(-1)?.data ?? undefined).toBeUndefined();
  await readAgain(() => Promise.reject(new TypeError("Failed to fetch")));
  expect(results.at(-1)?.data ?? undefined).toBeUndefined();
});

it("what nobody shows any more is forgotten", async () => {
  const { results, readAgain, unsubscribe } = setUp();
  await vi.waitFor(() => expect(results.at(-1)?.data).toEqual({ names: ["ada"] }));
  unsubscribe();
  await Promise.resolve();
  const result = await readAgain(() => Promise.reject(new TypeError("Failed to fetch")));
  expect(result?.error).toBeDefined();
  expect(result?.data).toBeUndefined();
});
