import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { type TwoServers, twoServers } from "../kit/two-servers.ts";
import { applyTextPipeline, mutate, runOf, type WaitingGate, waitingGate } from "../kit/waiting-gate.ts";

let kit: TwoServers;
beforeAll(async () => {
  kit = await twoServers();
  await applyTextPipeline(kit, kit.servers[0]);
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(async () => {
  expect(await brokenRunRules(kit.db)).toEqual([]);
});

/** Every link that Sluice hands out. */
async function everyLink(gate: WaitingGate): Promise<{ decide: string; signIn: string; invitation: string }> {
  const made = await kit.graphql<{ createDecisionLink: { url: string }; invitePerson: { path: string } }>(
    kit.servers[0],
    `mutation ($stepId: ID!) {
       createDecisionLink(input: { stepId: $stepId }) { ... on CreateDecisionLinkSuccess { url } }
       invitePerson(input: { role: VOTER, name: "a guest" }) { ... on InvitePersonSuccess { path } } }`,
    { stepId: gate.stepId },
  );
  return {
    decide: new URL(made.createDecisionLink.url).pathname,
    signIn: `/sign-in?token=${await kit.people.signInLink("ada")}`,
    invitation: made.invitePerson.path,
  };
}

/** What mail scanners, link previews and browsers that fetch ahead send. */
const VISITORS = [
  { "user-agent": "Mozilla/5.0 (compatible; Slackbot-LinkExpanding 1.0)" },
  { "user-agent": "Microsoft Office/16.0 SafeLinks", accept: "*/*" },
  { "user-agent": "Mozilla/5.0 Chrome/140", "sec-purpose": "prefetch;prerender", accept: "text/html" },
] as const;
const READS = ["GET", "HEAD", "OPTIONS"] as const;

/** All rows of all tables but those that tell of the servers themselves. */
async function everything(): Promise<Record<string, string>> {
  const tables = await kit.db.many<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    // The test's own key is used, and the servers keep their places.
    if (["api_keys", "workers", "event_cursors"].includes(name)) continue;
    const { rows } = await kit.db.one<{ rows: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') AS rows FROM "${name}" t`,
    );
    found[name] = rows;
  }
  return found;
}

const url = (index: number, path: string): URL => new URL(path, kit.either(index).url);

describe("a link that somebody else opens first", { timeout: 120_000 }, () => {
  it("F10: reading changes nothing, whoever reads, whatever is added to the address; each link works afterwards", async () => {
    const gate = await waitingGate(kit, kit.servers[0], 2);
    const links = await everyLink(gate);
    const before = await everything();
    let index = 0;
    for (const path of Object.values(links)) {
      const join = path.includes("?") ? "&" : "?";
      for (const address of [path, `${path}${join}verdict=APPROVE&topK=1&name=eve&password=abcdefghijkl`]) {
        for (const headers of VISITORS) {
          for (const method of READS) {
            const { status } = await fetch(url(index++, address), { method, headers, redirect: "manual" });
            expect(status, `${method} ${path}`).toBeLessThan(500);
          }
        }
      }
    }
    expect(await everything()).toEqual(before);

    const page = await (await fetch(url(0, links.decide))).text();
    const rankingVersion = /name="rankingVersion"[^>]*value="(\d+)"/.exec(page)?.[1] ?? "";
    const post = async (path: string, form: Record<string, string>): Promise<number> => {
      const target = url(1, path);
      const headers = { origin: target.origin };
      return (await fetch(target, { method: "POST", headers, body: new URLSearchParams(form), redirect: "manual" }))
        .status;
    };
    expect(await post(links.decide, { verdict: "APPROVE", topK: "1", rankingVersion })).toBe(303);
    expect((await runOf(kit, gate.run)).events).toMatchObject({ approval_granted: 1 });
    const token = (path: string): string => new URL(path, "http://any").searchParams.get("token") ?? "";
    expect(await post("/sign-in", { token: token(links.signIn) })).toBe(303);
    const password = "a long enough passphrase";
    const guest = { token: token(links.invitation), name: "a guest", email: "guest@example.org", password };
    expect(await post("/invitation", guest)).toBe(303);
  });

  it("F10: no mutation over GET, and none by a form of another page", async () => {
    const gate = await waitingGate(kit, kit.servers[0], 2);
    const query = `mutation { approveStep(input: { stepId: "${gate.stepId}" }) { __typename } }`;
    const cookie = await kit.people.session("ada");
    const signedIn = await everything();
    const authorization = `Bearer ${await kit.token("ada")}`;
    for (const headers of [{ cookie }, { authorization }]) {
      for (const method of ["GET", "HEAD"]) {
        const answer = await fetch(url(0, `/graphql?query=${encodeURIComponent(query)}`), { method, headers });
        expect(answer.status, method).toBe(405);
      }
    }
    // As a form of any page on the web can be sent, with the cookie that the browser adds.
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      const headers = { cookie, "content-type": type };
      const answer = await fetch(url(1, "/graphql"), { method: "POST", headers, body: JSON.stringify({ query }) });
      expect(answer.status, type).toBe(415);
    }
    const foreign = { cookie, origin: "https://evil.example", "content-type": "application/json" };
    const answer = await fetch(url(1, "/graphql"), {
      method: "POST",
      headers: foreign,
      body: JSON.stringify({ query }),
    });
    expect(answer.status).toBe(401);
    expect(await everything()).toEqual(signedIn);
    // The same, from our own page: it was the origin that was refused.
    const own = { ...foreign, origin: new URL(kit.servers[1].url).origin };
    const decided = await fetch(url(1, "/graphql"), { method: "POST", headers: own, body: JSON.stringify({ query }) });
    expect(await decided.json()).toEqual({ data: { approveStep: { __typename: "ApproveStepSuccess" } } });
  });

  it("F10: a socket that a page of another origin opens is refused, though the browser sends the cookie along", async () => {
    const cookie = await kit.people.session("ada");
    const opened = async (index: number, origin: string): Promise<string> => {
      const address = `${kit.either(index).url.replace("http", "ws")}/graphql`;
      const socket = new WebSocket(address, "graphql-transport-ws", { headers: { cookie, origin } });
      try {
        return await new Promise((resolve, reject) => {
          socket.on("open", () => socket.send(JSON.stringify({ type: "connection_init" })));
          socket.on("message", (data) => resolve((JSON.parse(String(data)) as { type: string }).type));
          socket.on("close", (code) => resolve(String(code)));
          socket.on("error", reject);
        });
      } finally {
        socket.terminate();
      }
    };
    for (const index of [0, 1]) {
      expect(await opened(index, "https://evil.example")).toBe("4403");
      expect(await opened(index, kit.either(index).url)).toBe("connection_ack");
    }
  });

  it("F6, F10: a link is for its own gate: used once, and not for what its run asks next", async () => {
    const gate = await waitingGate(kit, kit.servers[0], 2);
    const { decide } = await everyLink(gate);
    const answer = await mutate(kit, kit.servers[1], "approveStep", { stepId: gate.stepId, topK: 1 });
    expect(answer.__typename).toBe("ApproveStepSuccess");
    await kit.until(async () => (await runOf(kit, gate.run)).status === "WAITING_FOR_APPROVAL");
    const before = await runOf(kit, gate.run);
    const form = { verdict: "REJECT", comment: "late" };
    const late = await fetch(url(0, decide), { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
    expect(late.status).toBe(409);
    expect(await runOf(kit, gate.run)).toEqual(before);
  });
});
