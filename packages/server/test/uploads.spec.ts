import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { deleteUnusedAssets } from "@sluice/engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plainPicture } from "./kit/plain-picture.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { type NewRun, newRun } from "./kit/steps.ts";

let kit: ServerKit;
/** A run that takes pictures: it has no worker. */
let run: NewRun;
beforeAll(async () => {
  kit = await serverKit();
  run = await newRun(kit, ["{ name: A, type: generate, generator: cppn, n: 1, gate: manual }"]);
});
afterAll(() => kit[Symbol.asyncDispose]());

async function upload(bytes: Uint8Array, as = "ada"): Promise<Response> {
  const headers = { authorization: `Bearer ${await kit.token(as)}` };
  return await fetch(`${kit.url}/assets`, { method: "POST", headers, body: new Uint8Array(bytes) });
}

const shaOf = async (response: Response): Promise<string> => ((await response.json()) as { sha256: string }).sha256;

interface Held {
  readonly sent: ClientRequest;
  readonly answered: Promise<[IncomingMessage]>;
  end(): Promise<number>;
}

/** An upload that has begun, and does not end before it is told to. */
async function held(bytes: Uint8Array, as: string): Promise<Held> {
  const headers = { authorization: `Bearer ${await kit.token(as)}`, "content-length": bytes.byteLength };
  const sent = request(`${kit.url}/assets`, { method: "POST", headers: { ...headers, expect: "100-continue" } });
  sent.flushHeaders();
  // The server asks for the body once it has the request, which it looks at before anything that comes later.
  await once(sent, "continue");
  sent.write(bytes.subarray(0, 10));
  const answered = once(sent, "response") as Promise<[IncomingMessage]>;
  // Nobody waits for the answer of one that hangs up.
  answered.catch(() => {});
  return {
    sent,
    answered,
    async end() {
      sent.end(bytes.subarray(10));
      const [response] = await answered;
      response.resume();
      return response.statusCode ?? 0;
    },
  };
}

/**
 * Resolves once those who have begun have their places: who sends something is known a moment after the server asks for it.
 * One that is too large is refused on the spot, and so takes no place from them.
 */
async function untilNoPlace(as: string): Promise<void> {
  const headers = { authorization: `Bearer ${await kit.token(as)}`, "content-length": 2 ** 30 };
  const status = async (): Promise<number | undefined> => {
    const sent = request(`${kit.url}/assets`, { method: "POST", headers }).on("error", () => {});
    sent.flushHeaders();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    sent.destroy();
    return response.statusCode;
  };
  await expect.poll(status).toBe(429);
}

async function bring(sha256: string): Promise<string> {
  const { importCandidates } = await kit.graphql<{ importCandidates: { __typename: string; message?: string } }>(
    `mutation ($input: ImportCandidatesInput!) { importCandidates(input: $input) { __typename ... on Error { message } } }`,
    { input: { stepId: run.stepIds[0], candidates: [{ assets: [sha256] }] } },
  );
  return importCandidates.message ?? importCandidates.__typename;
}

async function age(sha256: string, hours: number): Promise<void> {
  await kit.db.query(`UPDATE assets SET created_at = now() - make_interval(hours => $2) WHERE sha256 = $1`, [
    sha256,
    hours,
  ]);
}

const sweep = () => deleteUnusedAssets(kit.server.engine, kit.server.assets);
const statusOf = async (sha256: string) =>
  (await fetch(`${kit.url}/assets/${sha256}`, { headers: { authorization: `Bearer ${await kit.token()}` } })).status;

it("an upload without a body is told what is missing, each time", async () => {
  for (let time = 0; time < 2; time++) {
    const headers = { authorization: `Bearer ${await kit.token()}` };
    const answer = await fetch(`${kit.url}/assets`, { method: "POST", headers });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toMatch(/PNG/);
  }
});

describe("uploads at a time", () => {
  it("are limited for one person, who is told what to do, and not for others; a slot is free again afterwards", async () => {
    const bytes = await plainPicture("#135");
    const under = await Promise.all([1, 2, 3, 4].map(() => held(bytes, "bob")));
    await untilNoPlace("bob");
    const refused = await upload(bytes, "bob");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(await refused.text()).toBe(
      "You are uploading 4 files already, which is as many as one may at a time. Send this one again when one of them is there.",
    );
    expect((await upload(bytes, "ada")).status).toBe(201);
    // One who hangs up frees it as well as one who comes to the end.
    under[0]?.sent.on("error", () => {}).destroy();
    expect(await Promise.all(under.slice(1).map((each) => each.end()))).toEqual([201, 201, 201]);
    expect((await upload(bytes, "bob")).status).toBe(201);
  });
});

describe("uploads that have stalled", () => {
  it("give way after a while: three people who send nothing keep nobody out", async () => {
    const bytes = await plainPicture("#579");
    const hold = (who: string) => [1, 2, 3, 4].map(() => held(bytes, who));
    const stalled = await Promise.all(["bob", "eve", "kim"].flatMap(hold));
    await untilNoPlace("ada");
    expect(await (await upload(bytes, "ada")).text()).toBe(
      "The server is taking 12 files already, which is as many as it takes at a time. Send this one again in a moment.",
    );
    const answers = await Promise.all(stalled.map(({ answered }) => answered));
    for (const [answer] of answers) {
      expect([answer.statusCode, answer.headers.connection]).toEqual([408, "close"]);
      expect(await text(answer)).toMatch(/^Hardly anything came of the file for 20 seconds.*Send it again\.$/);
    }
    expect((await upload(bytes, "ada")).status).toBe(201);
    expect((await upload(bytes, "bob")).status).toBe(201);
  });
});

describe("uploads that no candidate uses", () => {
  it("are deleted after a day, and can be sent again", async () => {
    const bytes = await plainPicture("#246");
    const sha256 = await shaOf(await upload(bytes));
    await age(sha256, 23);
    expect(await sweep()).toBe(0);
    await age(sha256, 25);
    expect(await sweep()).toBe(1);
    expect(await statusOf(sha256)).toBe(404);
    expect(await bring(sha256)).toMatch(/has an asset that is not there.*Upload its bytes to \/assets first\./);
    expect((await upload(bytes)).status).toBe(201);
    expect(await statusOf(sha256)).toBe(200);
  });

  it("stay when they were sent again since, and when a candidate has them", async () => {
    const bytes = await plainPicture("#357");
    const sha256 = await shaOf(await upload(bytes));
    await age(sha256, 48);
    await upload(bytes);
    expect(await sweep()).toBe(0);
    await age(sha256, 48);
    expect(await bring(sha256)).toBe("ImportCandidatesSuccess");
    expect(await sweep()).toBe(0);
    expect(await statusOf(sha256)).toBe(200);
  });

  it("are imported wholly or not at all, while they are being deleted", async () => {
    for (let round = 0; round < 12; round++) {
      const sha256 = await shaOf(await upload(await plainPicture(`#0${round.toString(16)}8`)));
      await age(sha256, 48);
      const [answer] = await Promise.all(round % 2 ? [bring(sha256), sweep()] : [bring(sha256), sweep(), sweep()]);
      const brought = answer === "ImportCandidatesSuccess";
      expect(brought || /is not there/.test(answer)).toBe(true);
      const rows = await kit.db.many(`SELECT FROM assets WHERE sha256 = $1`, [sha256]);
      expect(rows).toHaveLength(brought ? 1 : 0);
    }
    expect(kit.logged).toEqual([]);
  });
});
