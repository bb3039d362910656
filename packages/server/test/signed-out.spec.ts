import { afterAll, beforeAll, expect, it } from "vitest";
import { hashOfKey } from "../src/auth/api-keys.ts";
import { rawSocket } from "./kit/raw-socket.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";

const CREATE = `mutation { createRun(input: { pipeline: "Taglines", prompt: "too late" }) { __typename } }`;
const RUNS = "subscription { runsChanged { id } }";

let kit: ServerKit;
beforeAll(async () => {
  kit = await serverKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

const sessionOf = (name: string) => kit.people.session(name);
const signOut = (cookie: string) =>
  fetch(`${kit.url}/auth/sign-out`, { method: "POST", redirect: "manual", headers: { cookie } });
const revoke = (token: string) => kit.db.query(`DELETE FROM api_keys WHERE key = $1`, [hashOfKey(token)]);

/** Opens an event stream; resolves once the server has answered. `ended` resolves when the server ends it. */
async function eventStream(headers: { [name: string]: string }) {
  const response = await fetch(`${kit.url}/graphql`, {
    method: "POST",
    headers: { ...headers, accept: "text/event-stream", "content-type": "application/json" },
    body: JSON.stringify({ query: RUNS }),
  });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  return { ended: response.text() };
}

it("signing out ends the sockets and event streams of that session, and of no other", async () => {
  const [cookie, other] = [await sessionOf("grace"), await sessionOf("grace")];
  using leaving = await rawSocket(kit, { cookie });
  using staying = await rawSocket(kit, { cookie: other });
  const stream = await eventStream({ cookie });
  leaving.subscribe("1", RUNS);
  await signOut(cookie);
  expect(await leaving.closed).toEqual({ code: 4403, reason: "Forbidden" });
  expect(await stream.ended).not.toContain("event: next");

  staying.subscribe("1", "{ viewer { name } }");
  expect((await staying.message(({ id }) => id === "1")).payload).toEqual({ data: { viewer: { name: "grace" } } });
});

it("a token that is taken back elsewhere ends them too, without anybody asking for anything", async () => {
  const token = await kit.token("bot");
  using socket = await rawSocket(kit, { token });
  const stream = await eventStream({ authorization: `Bearer ${token}` });
  await revoke(token);
  expect((await socket.closed).code).toBe(4403);
  await stream.ended;
}, 20_000);

it("nothing more is done for a socket whose token was taken back", async () => {
  const token = await kit.token("robot");
  using socket = await rawSocket(kit, { token });
  await revoke(token);
  for (const id of ["1", "2", "3"]) socket.subscribe(id, CREATE);
  expect((await socket.closed).code).toBe(4403);
  expect(await kit.graphql("{ runs { totalCount } }")).toEqual({ runs: { totalCount: 0 } });
});

it("a page that was made for one person does nothing in the name of another who has signed in since", async () => {
  const [grace, alan] = [await sessionOf("grace"), await sessionOf("alan")];
  const ask = async (cookie: string, viewer: string | undefined) => {
    const headers = { cookie, "content-type": "application/json", ...(viewer && { "sluice-viewer": viewer }) };
    const body = JSON.stringify({ query: "{ viewer { id name } }" });
    const response = await fetch(`${kit.url}/graphql`, { method: "POST", headers, body });
    const { data } = (await response.json()) as { data?: { viewer: { id: string; name: string } } };
    return { status: response.status, viewer: data?.viewer };
  };
  const { viewer } = await ask(grace, undefined);
  expect(await ask(grace, viewer?.id)).toMatchObject({ status: 200, viewer: { name: "grace" } });
  expect(await ask(alan, viewer?.id)).toEqual({ status: 401, viewer: undefined });
  expect(await ask(alan, "nobody")).toEqual({ status: 401, viewer: undefined });
});

it("logged nothing as an error", () => {
  expect(kit.logged).toEqual([]);
});
