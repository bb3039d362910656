import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import WebSocket from "ws";
import { type ProcessKit, processKit, type ServerProcess } from "./kit/server-process.ts";

// Two processes on one database: what is changed at one holds at the other.

let kit: ProcessKit;
let here: ServerProcess;
let there: ServerProcess;
beforeAll(async () => {
  kit = await processKit();
  here = await kit.server();
  there = await kit.server();
});
afterAll(() => kit[Symbol.asyncDispose]());

const VIEWER = "{ viewer { id name role } }";

async function idOf(name: string): Promise<string> {
  return (await kit.graphql<{ viewer: { id: string } }>(here, VIEWER, {}, name)).viewer.id;
}

async function viewer(server: ServerProcess, headers: { readonly [name: string]: string }): Promise<unknown> {
  const response = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query: VIEWER }),
  });
  return response.status === 200
    ? ((await response.json()) as { data: { viewer: unknown } }).data.viewer
    : response.status;
}

/** A socket with a subscription at a server, as whoever shows these; `closed` is the code it is closed with. */
async function subscribed(server: ServerProcess, as: { readonly cookie?: string; readonly token?: string }) {
  const headers = as.cookie ? { cookie: as.cookie } : {};
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", { headers });
  const closed = new Promise<number>((resolve) => void socket.on("close", (code) => resolve(code)));
  const acknowledged = new Promise((resolve, reject) => {
    socket.on("message", (data) => void (JSON.parse(String(data)).type === "connection_ack" && resolve(undefined)));
    socket.on("error", reject);
  });
  const payload = as.token ? { authorization: `Bearer ${as.token}` } : {};
  socket.on("open", () => socket.send(JSON.stringify({ type: "connection_init", payload })));
  await acknowledged;
  const subscribe = { id: "1", type: "subscribe", payload: { query: "subscription { runsChanged { id } }" } };
  socket.send(JSON.stringify(subscribe));
  return { closed, [Symbol.dispose]: () => socket.terminate() };
}

async function eventStream(server: ServerProcess, cookie: string): Promise<{ readonly ended: Promise<string> }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { cookie, accept: "text/event-stream", "content-type": "application/json" },
    body: JSON.stringify({ query: "subscription { runsChanged { id } }" }),
  });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  return { ended: response.text() };
}

it("servers without a common setting know each other's sessions", async () => {
  const cookie = await kit.people.session("ada");
  for (const server of [here, there]) expect(await viewer(server, { cookie })).toMatchObject({ name: "ada" });
});

it("a role that is changed at one server ends what is open at the other, and holds there at once", async () => {
  const cookie = await kit.people.session("grace", { role: "OPERATOR" });
  using socket = await subscribed(there, { cookie });
  const stream = await eventStream(there, cookie);
  await kit.graphql(
    here,
    `mutation ($id: ID!) { changeRole(input: { personId: $id, role: VIEWER }) { ... on ChangeRoleSuccess { person { role } } } }`,
    { id: await idOf("grace") },
  );
  expect(await viewer(there, { cookie })).toMatchObject({ role: "VIEWER" });
  expect(await socket.closed).toBe(1013);
  await stream.ended;
});

it("somebody who is deactivated at one server is gone at the other", async () => {
  const cookie = await kit.people.session("linus");
  using socket = await subscribed(there, { cookie });
  const stream = await eventStream(there, cookie);
  await kit.graphql(here, `mutation ($id: ID!) { deactivatePerson(input: { personId: $id }) { __typename } }`, {
    id: await idOf("linus"),
  });
  expect(await viewer(there, { cookie })).toBe(401);
  expect(await socket.closed).toBe(4403);
  await stream.ended;
});

it("a key that is revoked at one server is gone at the other, while other keys of its owner work on", async () => {
  const [token, other] = [await kit.people.token("bot"), await kit.people.token("bot", { scopes: ["VIEW"] })];
  using socket = await subscribed(there, { token });
  using staying = await subscribed(there, { token: other });
  type Keys = { apiKeys: { edges: { node: { id: string; scopes: unknown } }[] } };
  const { apiKeys } = await kit.graphql<Keys>(here, "{ apiKeys { edges { node { id scopes } } } }", {}, "bot");
  const id = apiKeys.edges.find(({ node }) => node.scopes === null)?.node.id;
  await kit.graphql(here, `mutation ($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { __typename } }`, { id });
  expect(await viewer(there, { authorization: `Bearer ${token}` })).toBe(401);
  expect(await socket.closed).toBe(4403);
  expect(await Promise.race([staying.closed, Promise.resolve("open")])).toBe("open");
  expect(await viewer(there, { authorization: `Bearer ${other}` })).toMatchObject({ name: "bot" });
});

it("another SLUICE_AUTH_SECRET ends sessions, and neither keys nor links nor invitations", async () => {
  const cookie = await kit.people.session("mary");
  const link = await kit.people.signInLink("mary");
  type Invited = { invitePerson: { path: string } };
  const { invitePerson } = await kit.graphql<Invited>(
    here,
    `mutation { invitePerson(input: { role: VOTER }) { ... on InvitePersonSuccess { path } } }`,
  );
  const rotated = await kit.server({
    environment: { SLUICE_AUTH_SECRET: "another-secret-that-is-long-enough-0123456789" },
  });
  expect(await viewer(rotated, { cookie })).toBe(401);
  const authorization = `Bearer ${await kit.people.token("ada")}`;
  expect(await viewer(rotated, { authorization })).toMatchObject({ name: "ada" });
  expect((await fetch(`${rotated.url}${invitePerson.path}`)).status).toBe(200);
  const body = new URLSearchParams({ token: link });
  const signedIn = await fetch(`${rotated.url}/sign-in`, { method: "POST", redirect: "manual", body });
  const renewed = signedIn.headers.getSetCookie()[0]?.split(";")[0] as string;
  expect(await viewer(rotated, { cookie: renewed })).toMatchObject({ name: "mary" });
});

const run = async (...args: string[]) => {
  const cli = new URL("../src/cli.ts", import.meta.url).pathname;
  const env = { PATH: process.env.PATH, DATABASE_URL: kit.databaseUrl, SLUICE_DATA_DIR: kit.dataDir };
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args], { env });
  return stdout.trim();
};

it("the command line makes keys with a role and scopes, and links", async () => {
  const token = await run("token", "--name", "ci", "--role", "voter", "--scopes", "view,decide", "--days", "1");
  const response = await fetch(`${here.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: "{ viewer { name role rights } apiKeys { edges { node { scopes expiresAt } } } }" }),
  });
  expect(await response.json()).toEqual({
    data: {
      viewer: { name: "ci", role: "VOTER", rights: ["VIEW"] },
      apiKeys: { edges: [{ node: { scopes: ["VIEW", "DECIDE"], expiresAt: expect.any(String) } }] },
    },
  });
  const link = new URL(await run("sign-in-link", "--name", "carol", "--role", "APPROVER"));
  const signedIn = await fetch(`${here.url}/sign-in`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ token: link.searchParams.get("token") as string }),
  });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] as string;
  expect(await viewer(there, { cookie })).toMatchObject({ name: "carol", role: "APPROVER" });
});

it.each([
  [["token", "--name", "ci", "--role", "OWNER"], /^ci is a voter already, which an owner can change/],
  [["sign-in-link", "--name", "admin token"], /^“admin token” is what Sluice calls something of its own/],
  [["token", "--name", "robot"], /^Nobody is called robot yet\. Say with --role what robot may do: VIEWER, VOTER, /],
  [["token", "--role", "KING"], /^--role takes VIEWER, VOTER, APPROVER, OPERATOR, OWNER; not "KING"/],
  [["token", "--scopes", "VIEW,FLY"], /^--scopes takes VIEW, VOTE, DECIDE, OPERATE, OWN; not "FLY"/],
])("the command line says what is wrong with %j", async (args, message) => {
  await expect(run(...args)).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(message) });
});

it("the command line says how to find a server with another data folder", async () => {
  const cli = new URL("../src/cli.ts", import.meta.url).pathname;
  const env = { PATH: process.env.PATH, SLUICE_DATA_DIR: `${kit.dataDir}/elsewhere` };
  const failed = promisify(execFile)(process.execPath, [cli, "token", "--name", "ci", "--role", "VIEWER"], { env });
  await expect(failed).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/No Sluice runs on \S+elsewhere\..*the same SLUICE_DATA_DIR/),
  });
});
