import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawSocket } from "./kit/raw-socket.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";

const ADMIN_TOKEN = "an-admin-token-of-length";

let kit: ServerKit;
beforeAll(async () => {
  kit = await serverKit({ adminToken: ADMIN_TOKEN });
});
afterAll(() => kit[Symbol.asyncDispose]());

interface Key {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly string[] | null;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly owner: { readonly name: string };
}
const KEY = "id name prefix scopes createdAt expiresAt lastUsedAt owner { name }";

/** Asks by whatever is shown; the status where it is refused. */
async function ask<T>(headers: { readonly [name: string]: string }, query: string): Promise<T> {
  const response = await fetch(`${kit.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query }),
  });
  if (response.status !== 200) return response.status as T;
  return ((await response.json()) as { data: T }).data;
}
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

interface Created {
  readonly __typename: string;
  readonly message?: string;
  readonly secret?: string;
  readonly apiKey?: Key;
}
async function create(headers: { readonly [name: string]: string }, input: string): Promise<Created> {
  const query = `mutation { createApiKey(input: { ${input} }) { __typename ... on Error { message }
    ... on CreateApiKeySuccess { secret apiKey { ${KEY} } } } }`;
  return (await ask<{ createApiKey: Created }>(headers, query)).createApiKey;
}
async function keys(headers: { readonly [name: string]: string }, args = ""): Promise<readonly Key[]> {
  type Keys = { apiKeys: { edges: { node: Key }[] } };
  const { apiKeys } = await ask<Keys>(headers, `{ apiKeys${args} { edges { node { ${KEY} } } } }`);
  return apiKeys.edges.map(({ node }) => node);
}
const revoke = async (headers: { readonly [name: string]: string }, id: string) => {
  const query = `mutation { revokeApiKey(input: { apiKeyId: "${id}" }) { __typename } }`;
  return (await ask<{ revokeApiKey: { __typename: string } }>(headers, query)).revokeApiKey.__typename;
};
const RIGHTS = "{ viewer { name role rights } }";

describe("a key", () => {
  it("acts as its owner, as far as its scopes go: role and scopes both have to allow it", async () => {
    const cookie = await kit.people.session("vera", { role: "VOTER" });
    const made = await create({ cookie }, `name: "ci", scopes: [VOTE, VIEW, VIEW], days: 90`);
    expect(made.apiKey).toMatchObject({ name: "ci", scopes: ["VIEW", "VOTE"], owner: { name: "vera" } });
    const headers = bearer(made.secret as string);
    const viewer = (rights: string[], role: string) => ({ viewer: { name: "vera", role, rights } });
    expect(await ask(headers, RIGHTS)).toEqual(viewer(["VIEW", "VOTE"], "VOTER"));

    await kit.db.query(`UPDATE actors SET role = 'OWNER' WHERE name = 'vera'`);
    expect(await ask(headers, RIGHTS)).toEqual(viewer(["VIEW", "VOTE"], "OWNER"));
    const create_ = `mutation { createRun(input: { pipeline: "Taglines" }) { __typename ... on Error { message } } }`;
    expect(await ask(headers, create_)).toEqual({
      createRun: {
        __typename: "ForbiddenError",
        message: "This API key lacks the scope OPERATE. Use one that has it.",
      },
    });
    await kit.db.query(`UPDATE actors SET role = 'VIEWER' WHERE name = 'vera'`);
    expect(await ask(headers, RIGHTS)).toEqual(viewer(["VIEW"], "VIEWER"));
  });

  it("is shown once, and listed by its first characters", async () => {
    const cookie = await kit.people.session("nora");
    const { secret = "", apiKey } = await create({ cookie }, `name: "laptop"`);
    expect(apiKey).toMatchObject({ scopes: null, expiresAt: null, lastUsedAt: null });
    expect(secret).toMatch(/^slt_[A-Za-z]{64}$/);
    expect(apiKey?.prefix).toBe(secret.slice(0, 8));
    expect(await keys({ cookie })).toEqual([apiKey]);
    const sql = `SELECT count(*)::int AS n FROM api_keys k WHERE to_jsonb(k)::text LIKE '%' || $1 || '%'`;
    expect(await kit.db.one(sql, [secret])).toEqual({ n: 0 });
  });

  it("expires", async () => {
    const cookie = await kit.people.session("nora");
    const { secret = "", apiKey } = await create({ cookie }, `name: "short", days: 1`);
    const days = (new Date(apiKey?.expiresAt ?? 0).getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(0.99);
    expect(days).toBeLessThan(1.01);
    expect(await ask(bearer(secret), RIGHTS)).toMatchObject({ viewer: { name: "nora" } });
    await kit.db.query(`UPDATE api_keys SET expires_at = now() WHERE name = 'short'`);
    expect(await ask(bearer(secret), RIGHTS)).toBe(401);
  });

  it("notes its last use, by one write a minute however often it is used", async () => {
    const cookie = await kit.people.session("nora");
    const { secret = "", apiKey } = await create({ cookie }, `name: "busy"`);
    const used = async () => (await keys({ cookie })).find(({ id }) => id === apiKey?.id)?.lastUsedAt ?? null;
    const version = async () =>
      (await kit.db.one<{ xmin: string }>(`SELECT xmin::text FROM api_keys WHERE name = 'busy'`)).xmin;
    expect(await used()).toBeNull();
    await Promise.all(Array.from({ length: 10 }, () => ask(bearer(secret), RIGHTS)));
    await expect.poll(used).not.toBeNull();
    const [first, written] = [await used(), await version()];
    for (let time = 0; time < 3; time++) await ask(bearer(secret), RIGHTS);
    expect([await used(), await version()]).toEqual([first, written]);

    await kit.db.query(`UPDATE api_keys SET last_request = now() - interval '61 seconds' WHERE name = 'busy'`);
    const before = await used();
    await ask(bearer(secret), RIGHTS);
    await expect.poll(used).not.toBe(before);
  });

  it.each([
    [`name: ""`, "InvalidInputError"],
    [`name: "x", days: 0`, "InvalidInputError"],
    [`name: "x", days: 40000`, "InvalidInputError"],
    [`name: "x", scopes: []`, "InvalidInputError"],
    [`name: "x", scopes: [VIEW, OWN]`, "InvalidInputError"],
  ])("is not made of %s", async (input, error) => {
    const cookie = await kit.people.session("ruth", { role: "OPERATOR" });
    expect((await create({ cookie }, input)).__typename).toBe(error);
  });

  it("makes no key, which would outlive it; whoever is signed in does, and SLUICE_ADMIN_TOKEN", async () => {
    const short = await create({ cookie: await kit.people.session("ivy") }, `name: "short", days: 1`);
    for (const key of [
      short.secret as string,
      await kit.token("bot", { scopes: ["VIEW", "OWN"] }),
      await kit.token(),
    ]) {
      expect(await create(bearer(key), `name: "more"`)).toEqual({
        __typename: "ForbiddenError",
        message: "A key cannot make keys, which would outlive it. Sign in, or run `sluice token` where Sluice runs.",
      });
    }
    expect((await create(bearer(ADMIN_TOKEN), `name: "more"`)).__typename).toBe("CreateApiKeySuccess");
  });
});

describe("keys", () => {
  it("are one's own to see and revoke; an owner's are everybody's", async () => {
    const [cookie, other] = [await kit.people.session("olga", { role: "OPERATOR" }), await kit.people.session("nora")];
    const { apiKey, secret = "" } = await create({ cookie }, `name: "hers"`);
    const id = apiKey?.id as string;
    expect((await keys({ cookie: other })).map((key) => key.id)).not.toContain(id);
    expect((await keys({ cookie: other }, "(everybody: true)")).map((key) => key.id)).toContain(id);
    const everybody = await fetch(`${kit.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie },
      body: JSON.stringify({ query: "{ apiKeys(everybody: true) { totalCount } }" }),
    });
    expect(JSON.stringify(await everybody.json())).toContain("this takes an owner");

    const nora = (await keys({ cookie: other }))[0]?.id as string;
    expect(await revoke({ cookie }, nora)).toBe("NotFoundError");
    expect(await revoke({ cookie: other }, id)).toBe("RevokeApiKeySuccess");
    expect(await ask(bearer(secret), RIGHTS)).toBe(401);
    expect(await revoke({ cookie: other }, id)).toBe("NotFoundError");
  });

  it("end what is open by them when they are revoked", async () => {
    const cookie = await kit.people.session("olga");
    const { apiKey, secret = "" } = await create({ cookie }, `name: "listener"`);
    using socket = await rawSocket(kit, { token: secret });
    using staying = await rawSocket(kit, { cookie });
    socket.subscribe("1", "subscription { runsChanged { id } }");
    expect(await revoke({ cookie }, apiKey?.id as string)).toBe("RevokeApiKeySuccess");
    expect(await socket.closed).toEqual({ code: 4403, reason: "Forbidden" });
    staying.subscribe("1", RIGHTS);
    expect(await staying.message(({ id }) => id === "1")).toMatchObject({ type: "next" });
  });

  it("of one person with other scopes share no subscription", async () => {
    const SUBSCRIPTION = `subscription { runsChanged { id } }`;
    const [all, view] = [await kit.token("dora"), await kit.token("dora", { scopes: ["VIEW"] })];
    using wide = await rawSocket(kit, { token: all });
    using narrow = await rawSocket(kit, { token: view });
    using none = await rawSocket(kit, { token: await kit.token("dora", { scopes: ["VOTE"] }) });
    for (const socket of [wide, narrow, none]) socket.subscribe("1", SUBSCRIPTION);
    const refused = await none.message(({ id }) => id === "1");
    expect(JSON.stringify(refused.payload)).toContain("lacks the scope VIEW");
    await kit.graphql(`mutation { createRun(input: { pipeline: "Taglines" }) { __typename } }`);
    for (const socket of [wide, narrow]) {
      expect(await socket.message(({ id, type }) => id === "1" && type === "next")).toMatchObject({
        payload: { data: expect.anything() },
      });
    }
  });
});

it("logged nothing as an error", () => {
  expect(kit.logged).toEqual([]);
});
