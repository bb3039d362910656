import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { GeneratorError, JobStopped } from "@sluice/engine";
import { generateOnce, generateRequest } from "@sluice/engine/testing";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { encodePng } from "../cppn/png.ts";
import { httpGenerator } from "./generator.ts";
import { httpSettings } from "./settings.ts";

const SECRET = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
const PNG = Buffer.from(encodePng({ width: 4, height: 4, rgb: new Uint8Array(48) }));

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;
let handler: Handler;
const seen: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks).toString();
    seen.push({ path: request.url ?? "", headers: request.headers, body });
    handler(request, response, body);
  });
});
let url: string;
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jobs`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => void seen.splice(0));

const service = (settings: object = {}) =>
  httpGenerator({
    name: "pictures",
    settings: httpSettings.parse({ url, secret: SECRET, media: "text", callback: false, ...settings }),
    origin: () => "http://sluice.example",
  });

const answer =
  (status: number, body: string | Buffer = "", headers: { [name: string]: string } = {}): Handler =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);
const json = (value: unknown): Handler => answer(200, JSON.stringify(value), { "content-type": "application/json" });

async function failureOf(made: Promise<unknown>): Promise<{ message: string; retryable: boolean }> {
  const error = await made.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GeneratorError)) throw new Error(`Expected a GeneratorError, not ${String(error)}.`);
  return { message: error.message, retryable: error.retryable };
}

describe("the http generator", () => {
  it("sends the job signed, and takes the answer", async () => {
    handler = json({ text: "a poem", meta: { n: 1 }, usage: { model: "m", costUsd: 0.1 }, warnings: ["short"] });
    const made = await generateOnce(
      service({ headers: { Authorization: "Bearer k" } }),
      generateRequest({
        seed: 5,
        attempt: 2,
        parent: { id: 3, text: null, meta: { a: 1 }, asset: { mediaType: "image/png", bytes: async () => PNG } },
      }),
    );
    expect(made).toMatchObject({ text: "a poem", meta: { n: 1 }, usage: { costUsd: 0.1 }, warnings: ["short"] });
    const [{ headers, body }] = seen as [(typeof seen)[number]];
    expect(() => new Webhook(SECRET).verify(body, headers as Record<string, string>)).not.toThrow();
    expect(headers).toMatchObject({ authorization: "Bearer k", "webhook-id": made.told.externalIds[0] });
    expect(JSON.parse(body)).toMatchObject({
      jobId: 1,
      generator: "pictures",
      seed: 5,
      run: { prompt: "sunset over the sea" },
      parent: {
        id: 3,
        meta: { a: 1 },
        asset: {
          mediaType: "image/png",
          url: expect.stringMatching(/^http:\/\/sluice\.example\/assets\/[0-9a-f]{64}$/),
        },
      },
      callback: null,
    });
  });

  it("sends an id that only the request has that is sent again because a worker was killed", async () => {
    handler = json({ text: "a poem" });
    const first = await generateOnce(service(), generateRequest());
    await generateOnce(service(), generateRequest(), { externalId: first.told.externalIds[0]! });
    await generateOnce(service(), generateRequest());
    const [once, again, other] = seen.map(({ headers }) => headers["webhook-id"]);
    expect(again).toBe(once);
    expect(other).not.toBe(once);
  });

  it("takes a picture's bytes, and sends the parent's within the request where it is told to", async () => {
    handler = (_request, response, body) => {
      const { base64 } = JSON.parse(body).parent.asset;
      response.writeHead(200, { "content-type": "image/png" }).end(Buffer.from(base64, "base64"));
    };
    const made = await generateOnce(
      service({ media: "image", parent_image: "base64" }),
      generateRequest({
        parent: { id: 3, text: null, meta: {}, asset: { mediaType: "image/png", bytes: async () => PNG } },
      }),
    );
    expect(Buffer.from(made.assets[0]!.bytes).equals(PNG)).toBe(true);
  });

  it.each([
    ["a refusal is final", answer(400, "no such style"), {}, false, 'answered 400. It said "no such style"'],
    ["but too many requests are not", answer(429), {}, true, "answered 429"],
    ["nor a failure of its own", answer(503), {}, true, "answered 503"],
    ["a redirect is not followed", answer(302, "", { location: "/else" }), {}, false, "a redirect"],
    ["a failure in its words", json({ error: "no ink", retryable: true }), {}, true, "failed: no ink"],
    ["no JSON", answer(200, "<html>"), {}, false, 'one JSON value, and sent "<html>"'],
    ["JSON that says nothing", json({}), {}, false, "without a text"],
    ["a picture for a text", answer(200, PNG, { "content-type": "image/png" }), {}, false, "to make texts"],
    ["no picture", answer(200, "hi", { "content-type": "image/png" }), { media: "image" }, false, 'sent "hi"'],
    ["a file of its own", json({ assets: [{ file: "x" }] }), { media: "image" }, false, "Send pictures as base64"],
    ["too much", answer(200, "x".repeat(100_000)), { max_answer_mb: 0.05 }, false, "more than 0.05 MB"],
    ["202 without a callback", answer(202), {}, false, "callback: true"],
    ["a cut connection", (_, response) => void response.destroy(), {}, true, "cannot be reached"],
    [
      "half an answer",
      (_, response) => {
        response.writeHead(200, { "content-length": "100" }).write("half");
        setImmediate(() => response.destroy());
      },
      {},
      true,
      "cannot be reached",
    ],
    ["silence", () => {}, { timeout: "1s" }, true, "did not answer within 1 s"],
  ] satisfies [string, Handler, object, boolean, string][])(
    "fails in words: %s",
    async (_what, handle, settings, retryable, words) => {
      handler = handle;
      const failure = await failureOf(generateOnce(service(settings), generateRequest()));
      expect(failure).toEqual({ message: expect.stringContaining(words), retryable });
      expect(seen).toHaveLength(1);
    },
  );

  it("closes the connection when nobody wants the candidate any more", async () => {
    const stop = new AbortController();
    const closed = new Promise<void>((resolve) => {
      handler = (_request, response) => {
        response.once("close", resolve);
        stop.abort(new JobStopped("unwanted"));
      };
    });
    await expect(generateOnce(service(), generateRequest(), { signal: stop.signal })).rejects.toBeInstanceOf(
      JobStopped,
    );
    await closed;
  });

  it("leaves the job to whoever answers 202, under the lease that it was sent with", async () => {
    handler = answer(202);
    const leases: number[] = [];
    const made = await service({ callback: true, lease: "5m" }).generate(generateRequest(), {
      signal: new AbortController().signal,
      progress() {},
      write() {},
      log() {},
      externalId: null,
      saveExternalId: async () => {},
      async lease(seconds) {
        leases.push(seconds);
        return { token: "lease_1_x", expiresAt: new Date("2030-01-01T00:00:00Z") };
      },
    });
    expect([made, leases]).toEqual(["later", [300]]);
    expect(JSON.parse(seen[0]!.body).callback).toEqual({
      url: "http://sluice.example/graphql",
      leaseToken: "lease_1_x",
      leaseExpiresAt: "2030-01-01T00:00:00.000Z",
    });
  });

  it("says whether anything listens, and which secrets are none", async () => {
    const { signal } = new AbortController();
    expect(await service().check?.(signal)).toMatchObject({ ok: true });
    expect(await service({ url: "http://127.0.0.1:1/" }).check?.(signal)).toMatchObject({
      ok: false,
      detail: expect.stringContaining("ECONNREFUSED"),
    });
    expect(httpSettings.safeParse({ url, secret: "no base64!", media: "text" }).error?.issues[0]?.message).toContain(
      "openssl rand",
    );
  });
});
