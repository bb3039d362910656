import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";

const ADMIN_TOKEN = "an-admin-token-of-length";
const PUBLIC_URL = "https://sluice.example.org";
const QUERY = JSON.stringify({ query: "{ viewer { name role } }" });

let kit: ServerKit;
beforeAll(async () => {
  kit = await serverKit({ adminToken: ADMIN_TOKEN, publicUrl: PUBLIC_URL });
});
afterAll(() => kit[Symbol.asyncDispose]());

const request = (path: string, init: RequestInit = {}) => fetch(`${kit.url}${path}`, { redirect: "manual", ...init });
const ask = (headers: { [name: string]: string }) =>
  request("/graphql", { method: "POST", headers: { "content-type": "application/json", ...headers }, body: QUERY });
const viewerOf = async (response: Response) =>
  ((await response.json()) as { data: { viewer: { name: string; role: string } } }).data.viewer;

const signIn = (token: string) =>
  request("/sign-in", { method: "POST", body: new URLSearchParams({ token }), headers: { origin: kit.url } });

/** A session of somebody who has signed in, as a `Cookie` header. */
async function sessionOf(name: string): Promise<string> {
  const response = await signIn(await kit.people.signInLink(name));
  return response.headers.getSetCookie()[0]?.split(";")[0] as string;
}

/** With which code a socket is closed; 0 when it is let in. */
async function socketAnswer(headers: { [name: string]: string }, payload?: object): Promise<number> {
  const socket = new WebSocket(`${kit.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", { headers });
  const answer = Promise.withResolvers<number>();
  socket.on("open", () => socket.send(JSON.stringify({ type: "connection_init", payload })));
  socket.on("message", (data) => {
    if (JSON.parse(String(data)).type === "connection_ack") answer.resolve(0);
  });
  socket.on("close", (code) => answer.resolve(code));
  socket.on("error", answer.reject);
  try {
    return await answer.promise;
  } finally {
    socket.terminate();
  }
}

describe("without credentials", () => {
  it.each(["/healthz", "/readyz", "/sign-in"])("%s answers", async (path) => {
    expect((await request(path)).status).toBe(200);
  });

  const paths = [
    "/",
    "/runs/1",
    "/index.html",
    "/app/index.js",
    "/graphql",
    `/graphql?query=${encodeURIComponent("{ viewer { name } }")}`,
    `/assets/${"0".repeat(64)}`,
    "/assets/..%2f..%2fpackage.json",
    "/auth/sign-out",
    "/healthz/x",
    "/sign-in/x",
    "/invitation/x",
    "/api/auth/ok",
    "/api/auth/sign-up/email",
    "/sign-in/email",
    "/HEALTHZ",
    "//graphql",
  ];
  it.each(
    paths.flatMap((path) =>
      ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"].map((method) => [method, path] as const),
    ),
  )("%s %s is refused", async (method, path) => {
    const response = await request(path, { method });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toContain("Bearer");
  });

  it("says how to sign in, and sends browsers to where they can", async () => {
    expect(await (await ask({})).json()).toMatchObject({ errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
    const response = await request("/runs/1", { headers: { accept: "text/html" } });
    expect([response.status, response.headers.get("location")]).toEqual([302, "/sign-in"]);
  });

  it("refuses an event stream and a socket", async () => {
    expect((await ask({ accept: "text/event-stream" })).status).toBe(401);
    expect(await socketAnswer({})).toBe(4403);
    expect(await socketAnswer({}, { authorization: "Bearer nobody" })).toBe(4403);
    expect(await socketAnswer({}, { authorization: { toString: "x" } })).toBe(4403);
    expect(await socketAnswer({ cookie: "sluice_session=nobody" })).toBe(4403);
  });

  it("closes a socket that asks before it has said who it is", async () => {
    const socket = new WebSocket(`${kit.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
    socket.on("open", () =>
      socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query: "{ viewer { name } }" } })),
    );
    const code = await new Promise((resolve) => void socket.on("close", resolve));
    expect(code).toBe(4401);
  });
});

describe("a sign-in link", () => {
  it("changes nothing when it is opened, and signs in once when its button is pressed", async () => {
    const token = await kit.people.signInLink("ada");
    for (const method of ["GET", "HEAD", "GET"]) {
      const page = await request(`/sign-in?token=${token}`, { method });
      expect([page.status, page.headers.get("cache-control")]).toEqual([200, "no-store"]);
      expect(page.headers.getSetCookie()).toEqual([]);
      if (method === "GET") expect(await page.text()).toContain("as <strong>ada</strong>");
    }
    const signedIn = await signIn(token);
    expect([signedIn.status, signedIn.headers.get("location")]).toEqual([303, "/"]);
    const [cookie] = signedIn.headers.getSetCookie();
    for (const flag of ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=2592000"])
      expect(cookie).toContain(flag);

    const again = await signIn(token);
    expect([again.status, again.headers.getSetCookie()]).toEqual([403, []]);
    expect(await again.text()).toContain("used before");
  });

  it("lets one in when it is used twice at the same time", async () => {
    const token = await kit.people.signInLink("ada");
    const statuses = await Promise.all([1, 2, 3, 4].map(async () => (await signIn(token)).status));
    expect(statuses.toSorted()).toEqual([303, 403, 403, 403]);
  });

  it("is not used up when no session comes of it", async () => {
    const token = await kit.people.signInLink("ada");
    await kit.db.query(`ALTER TABLE sessions ADD CONSTRAINT no_sessions CHECK (false) NOT VALID`);
    try {
      await expect(kit.server.auth.api.signInByLink({ body: { token } })).rejects.toThrow("no_sessions");
    } finally {
      await kit.db.query(`ALTER TABLE sessions DROP CONSTRAINT no_sessions`);
    }
    expect((await signIn(token)).status).toBe(303);
  });

  it("expires", async () => {
    const token = await kit.people.signInLink("ada");
    await kit.db.query(`UPDATE verifications SET expires_at = now() - interval '1 minute'`);
    expect(await (await request(`/sign-in?token=${token}`)).text()).not.toContain("ada");
    expect((await signIn(token)).status).toBe(403);
  });

  it.each(["", "slk_unknown", "<script>alert(1)</script>"])("is nothing when it is %j", async (token) => {
    expect((await signIn(token)).status).toBe(403);
    expect(await (await request(`/sign-in?token=${encodeURIComponent(token)}`)).text()).not.toContain("<script>");
  });

  it.each([
    ["multipart/form-data", "no boundary"],
    ["multipart/form-data; boundary=x", "--x\r\nnothing"],
    ["application/x-www-form-urlencoded", "%E0%A4%A=%"],
    ["application/json", '{"token":'],
    ["image/png", "\u0000\u0001"],
  ])("is not in a body of %s that is garbage", async (type, body) => {
    const response = await request("/sign-in", { method: "POST", headers: { "content-type": type }, body });
    expect([response.status, response.headers.getSetCookie()]).toEqual([403, []]);
  });

  it("is no session and no token itself", async () => {
    const token = await kit.people.signInLink("ada");
    expect((await ask({ authorization: `Bearer ${token}` })).status).toBe(401);
    expect((await ask({ cookie: `sluice_session=${token}` })).status).toBe(401);
  });
});

describe("a session", () => {
  it("counts for pages of our own", async () => {
    const cookie = await sessionOf("grace");
    for (const headers of [{ cookie }, { cookie, origin: kit.url }, { cookie, origin: PUBLIC_URL }]) {
      expect(await viewerOf(await ask(headers))).toEqual({ name: "grace", role: "OWNER" });
      expect(await socketAnswer(headers)).toBe(0);
    }
  });

  it.each(["https://evil.example", "null", "http://127.0.0.1:1", "https://sluice.example.org.evil.example"])(
    "does not count for a page of %s",
    async (origin) => {
      const cookie = await sessionOf("grace");
      expect((await ask({ cookie, origin })).status).toBe(401);
      expect(await socketAnswer({ cookie, origin })).toBe(4403);
      const signOut = await request("/auth/sign-out", { method: "POST", headers: { cookie, origin } });
      expect(signOut.status).toBe(401);
      expect((await ask({ cookie })).status).toBe(200);
    },
  );

  it.each([
    ["a token without our signature", (token: string) => token],
    [
      "a signature of another secret",
      (token: string) => `${token}.${createHmac("sha256", "x").update(token).digest("base64")}`,
    ],
  ])("is nothing when it is %s", async (_what, forge) => {
    await sessionOf("grace");
    const { token } = await kit.db.one<{ token: string }>(`SELECT token FROM sessions ORDER BY id DESC LIMIT 1`);
    const cookie = `sluice_session=${encodeURIComponent(forge(token))}`;
    expect((await ask({ cookie })).status).toBe(401);
    expect(await socketAnswer({ cookie })).toBe(4403);
  });

  it("is a new one for each signing in, whatever the browser had before", async () => {
    const planted = "sluice_session=planted.by-somebody";
    const token = await kit.people.signInLink("grace");
    const body = new URLSearchParams({ token });
    const response = await request("/sign-in", { method: "POST", body, headers: { cookie: planted, origin: kit.url } });
    const cookie = response.headers.getSetCookie()[0]?.split(";")[0] as string;
    expect(cookie).not.toBe(planted);
    expect((await ask({ cookie: planted })).status).toBe(401);
    expect((await ask({ cookie })).status).toBe(200);
  });

  it("expires", async () => {
    const cookie = await sessionOf("grace");
    await kit.db.query(`UPDATE sessions SET expires_at = now() WHERE id = (SELECT max(id) FROM sessions)`);
    expect((await ask({ cookie })).status).toBe(401);
  });

  it("ends with signing out, on the server too", async () => {
    const cookie = await sessionOf("grace");
    const other = await sessionOf("grace");
    const response = await request("/auth/sign-out", { method: "POST", headers: { cookie } });
    expect(response.headers.getSetCookie()).toContainEqual(expect.stringMatching(/^sluice_session=;.*Max-Age=0/));
    expect((await ask({ cookie })).status).toBe(401);
    expect(await socketAnswer({ cookie })).toBe(4403);
    expect((await ask({ cookie: other })).status).toBe(200);
  });
});

describe("a token", () => {
  it("counts whatever page it comes from", async () => {
    const authorization = `Bearer ${await kit.token("bot")}`;
    expect((await viewerOf(await ask({ authorization, origin: "https://evil.example" }))).name).toBe("bot");
    expect(await socketAnswer({ origin: "https://evil.example" }, { authorization })).toBe(0);
    expect(await socketAnswer({ authorization })).toBe(0);
  });

  it("does not fall back to the cookie beside it", async () => {
    expect((await ask({ cookie: await sessionOf("grace"), authorization: "Bearer wrong" })).status).toBe(401);
  });

  it("is SLUICE_ADMIN_TOKEN too, with the owner's rights", async () => {
    expect(await viewerOf(await ask({ authorization: `Bearer ${ADMIN_TOKEN}` }))).toEqual({
      name: "admin token",
      role: "OWNER",
    });
    expect((await ask({ authorization: `Bearer ${ADMIN_TOKEN}x` })).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${ADMIN_TOKEN.slice(1)}` })).status).toBe(401);
  });

  it("is no person when it is SLUICE_ADMIN_TOKEN, also where one of before had its name", async () => {
    const kind = () => kit.db.one<{ kind: string }>(`SELECT kind FROM actors WHERE name = 'admin token'`);
    await ask({ authorization: `Bearer ${ADMIN_TOKEN}` });
    expect(await kind()).toEqual({ kind: "INTEGRATION" });
    await kit.db.query(`UPDATE actors SET kind = 'PERSON' WHERE name = 'admin token'`);
    const { url } = await kit.another();
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };
    await fetch(`${url}/graphql`, { method: "POST", headers, body: QUERY });
    expect(await kind()).toEqual({ kind: "INTEGRATION" });
  });

  it("is looked up without writing anything, when it is SLUICE_ADMIN_TOKEN", async () => {
    const lastId = () => kit.db.one(`SELECT last_value FROM actors_id_seq`);
    await ask({ authorization: `Bearer ${ADMIN_TOKEN}` });
    const before = await lastId();
    for (let time = 0; time < 3; time++) await ask({ authorization: `Bearer ${ADMIN_TOKEN}` });
    expect(await lastId()).toEqual(before);
  });

  it("is kept as a hash alone", async () => {
    const token = await kit.token("bot");
    const { found } = await kit.db.one<{ found: number }>(
      `SELECT count(*)::int AS found FROM api_keys k WHERE to_jsonb(k)::text LIKE '%' || $1 || '%'`,
      [token],
    );
    expect(found).toBe(0);
  });
});

describe("a form", () => {
  const send = (headers: { [name: string]: string }, token: string) =>
    request("/sign-in", { method: "POST", body: new URLSearchParams({ token }), headers });

  it.each([
    { origin: "https://evil.example" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ])("of another site signs nobody in: %o", async (headers) => {
    const token = await kit.people.signInLink("ada");
    const refused = await send(headers as never, token);
    expect([refused.status, refused.headers.getSetCookie()]).toEqual([403, []]);
    expect((await send({ "sec-fetch-site": "same-origin" }, token)).status).toBe(303);
  });

  it("of ours tells browsers to say where it comes from", async () => {
    expect((await request("/sign-in")).headers.get("referrer-policy")).toBe("same-origin");
  });
});

it("runs no mutation over GET", async () => {
  const mutation = `mutation { createRun(input: { pipeline: "Taglines" }) { __typename } }`;
  const response = await request(`/graphql?query=${encodeURIComponent(mutation)}`, {
    headers: { cookie: await sessionOf("grace") },
  });
  expect(response.status).toBe(405);
  const { runs } = await kit.graphql<{ runs: { totalCount: number } }>("{ runs { totalCount } }");
  expect(runs.totalCount).toBe(0);
});

it("logged nothing as an error", () => {
  expect(kit.logged).toEqual([]);
});
