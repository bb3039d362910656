import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { changes } from "@sluice/engine";
import sharp from "sharp";
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Inbox, inbox } from "./kit/inbox.ts";
import { plainPicture } from "./kit/plain-picture.ts";
import { subscribe } from "./kit/readers.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { createRun } from "./kit/spec-runs.ts";

const SECRET = `whsec_${Buffer.alloc(24, 3).toString("base64")}`;
const WORKER = fileURLToPath(new URL("../../../docs/examples/worker.py", import.meta.url));

/** What the http generator sends a job to, with each request left to the test to answer. */
interface Sent {
  readonly job: {
    readonly jobId: number;
    readonly run: { readonly prompt: string };
    readonly callback: { readonly url: string; readonly leaseToken: string };
  };
  readonly response: ServerResponse;
}

let kit: ServerKit;
let folder: string;
const sent: Inbox<Sent> = inbox();
const service = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks).toString();
    new Webhook(SECRET).verify(body, request.headers as Record<string, string>);
    sent.add({ job: JSON.parse(body), response });
  });
});
const workers: ChildProcess[] = [];

beforeAll(async () => {
  service.listen(0, "127.0.0.1");
  await once(service, "listening");
  folder = await mkdtemp(join(tmpdir(), "sluice-leased-"));
  const file = join(folder, "pipelines.yaml");
  await writeFile(
    file,
    `
generators:
  - { name: painters, kind: pull, media: image }
  - { name: writers, kind: pull, media: text }
  - { name: service, kind: http, media: text, url: "http://127.0.0.1:${(service.address() as AddressInfo).port}/", secret: "\${SERVICE_SECRET}", lease: 5m }
pipelines:
  - name: painted
    steps:
      - { name: Paint, type: generate, generator: painters, n: 2, gate: auto }
      - { name: Paint again, type: generate, generator: painters, n: 1, gate: auto }
  - name: written
    steps: [{ name: Write, type: generate, generator: writers, n: 1, gate: auto }]
  - name: sent
    steps: [{ name: Send, type: generate, generator: service, n: 1, gate: auto }]
`,
  );
  kit = await serverKit({ worker: true, pipelinesFile: file, environment: { SERVICE_SECRET: SECRET } });
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await end(worker, "SIGKILL");
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

async function end(worker: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (worker.exitCode === null && worker.signalCode === null) {
    const exit = once(worker, "exit");
    worker.kill(signal);
    await exit;
  }
  return worker.exitCode;
}

/** The example worker, and the lines that it writes. */
async function python(script = WORKER): Promise<{ worker: ChildProcess; lines: Inbox<string> }> {
  const worker = spawn("python3", [script, "painters"], {
    env: {
      ...process.env,
      SLUICE_URL: kit.url,
      SLUICE_API_KEY: await kit.token("robot", { role: "OPERATOR", scopes: ["VIEW", "OPERATE"] }),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines = inbox<string>();
  const missing = once(worker, "error").then(() => {
    throw new Error("python3 is not installed. The example worker in docs/examples is tested with it: install it.");
  });
  for (const input of [worker.stdout, worker.stderr]) {
    createInterface({ input: input! }).on("line", (line) => lines.add(line));
  }
  await Promise.race([lines.until((line) => line.startsWith("claiming jobs")), missing]);
  missing.catch(() => {});
  workers.push(worker);
  return { worker, lines };
}

/** Resolves once it holds, which is looked at now and after each event of the run. */
async function until(runId: number, holds: () => Promise<boolean>): Promise<void> {
  const seen = changes(kit.server.engine.tail, (event) => (event.runId === runId ? [event.seq] : []));
  try {
    await seen.ready;
    while (!(await holds())) await seen.next();
  } finally {
    await seen.return?.();
  }
}

const statusOf = async (runId: number) =>
  (await kit.db.one<{ status: string }>(`SELECT status FROM pipeline_runs WHERE id = $1`, [runId])).status;
const untilDone = (runId: number) => until(runId, async () => (await statusOf(runId)) === "COMPLETED");
const jobsOf = (runId: number) =>
  kit.db.many<{ id: number; status: string; attempts: number; candidateId: number | null }>(
    `SELECT id, status, attempts, candidate_id AS "candidateId" FROM jobs WHERE pipeline_run_id = $1 ORDER BY id`,
    [runId],
  );

interface Answer {
  readonly __typename: string;
  readonly message?: string;
  readonly wanted?: boolean;
  readonly job?: { readonly leaseToken: string; readonly number: number; readonly seed: number } | null;
}

async function mutate(field: string, input: object, fields = ""): Promise<Answer> {
  const Name = field.charAt(0).toUpperCase() + field.slice(1);
  const data = await kit.graphql<Record<string, Answer>>(
    `mutation ($input: ${Name}Input!) { ${field}(input: $input) { __typename ... on Error { message } ${fields} } }`,
    { input },
    { as: "robot" },
  );
  return data[field]!;
}

async function upload(bytes: Uint8Array | ReadableStream, token?: string): Promise<Response> {
  return await fetch(`${kit.url}/assets`, {
    method: "POST",
    headers: { authorization: `Bearer ${token ?? (await kit.token())}` },
    body: bytes as BodyInit,
    duplex: "half",
  } as RequestInit);
}

describe("POST /assets", () => {
  it("keeps a picture, says what it is, and gives it back", async () => {
    const picture = await sharp({ create: { width: 20, height: 10, channels: 3, background: "#357" } })
      .webp()
      .toBuffer();
    const answer = await upload(picture);
    expect(answer.status).toBe(201);
    const asset = (await answer.json()) as { sha256: string };
    expect(asset).toEqual({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      mediaType: "image/webp",
      bytes: picture.byteLength,
      width: 20,
      height: 10,
    });
    expect((await upload(picture)).status).toBe(201);
    const given = await fetch(`${kit.url}${answer.headers.get("location")}`, {
      headers: { authorization: `Bearer ${await kit.token()}` },
    });
    expect(Buffer.from(await given.arrayBuffer()).equals(picture)).toBe(true);
  });

  it("refuses what is no picture, what is too large while it comes, and whoever may not", async () => {
    const refused = await upload(Buffer.from("<html>"));
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining("no PNG, JPEG")]);
    let chunks = 0;
    const endless = new ReadableStream({
      pull(controller) {
        chunks += 1;
        controller.enqueue(new Uint8Array(1024 * 1024));
      },
    });
    // The server stops reading, and says so where the client still listens.
    const status = await upload(endless).then(
      (answer) => answer.status,
      () => "cut",
    );
    expect([413, "cut"]).toContain(status);
    expect(chunks).toBeLessThan(200);
    const viewer = await kit.token("vera", { role: "APPROVER" });
    expect((await upload(Buffer.from("x"), viewer)).status).toBe(403);
  });
});

describe("the example worker in Python", () => {
  it("makes the candidates of a run, step by step, and ends when it is asked to", async () => {
    const { worker, lines } = await python();
    const { number } = await createRun(kit, "painted");
    await untilDone(number);
    await lines.count(3, (line) => line.endsWith("done"));
    const pictures = await kit.db.many<{ mediaType: string; generator: string }>(
      `SELECT a.media_type AS "mediaType", c.generator FROM candidates c
       JOIN candidate_assets ca ON ca.candidate_id = c.id JOIN assets a ON a.sha256 = ca.sha256 WHERE c.pipeline_run_id = $1`,
      [number],
    );
    expect(pictures.length).toBeGreaterThanOrEqual(3);
    expect(new Set(pictures.map((each) => Object.values(each).join()))).toEqual(new Set(["image/png,painters"]));
    expect(await end(worker, "SIGTERM")).toBe(0);
  }, 120_000);

  it("loses its job when it is killed, and another makes the same candidate once the lease has ended", async () => {
    // One that claims, and then takes for ever.
    const slow = join(folder, "slow.py");
    await writeFile(
      slow,
      `import sys, time\nsys.path.insert(0, ${JSON.stringify(join(WORKER, ".."))})\nimport worker\n` +
        `def make(job, tell):\n    tell(0.5, "slow")\n    print("has", job["number"], flush=True)\n    time.sleep(3600)\n` +
        "worker.make = make\nworker.main()\n",
    );
    const first = await python(slow);
    const { number } = await createRun(kit, "painted", { maxChildrenPerNode: 1 });
    const line = await first.lines.until((each) => each.startsWith("has "));
    const jobId = Number(line.split(" ")[1]);
    await end(first.worker, "SIGKILL");
    const seed = () => kit.db.one(`SELECT seed FROM jobs WHERE id = $1`, [jobId]);
    const before = await seed();
    await python();
    // As if the time of the lease had passed.
    await kit.db.query(`UPDATE jobs SET lease_expires_at = now() WHERE id = $1`, [jobId]);
    await untilDone(number);
    const job = (await jobsOf(number)).find(({ id }) => id === jobId);
    expect(job).toMatchObject({ status: "COMPLETED", attempts: 1 });
    expect(await seed()).toEqual(before);
  }, 120_000);

  it("loses nothing of what it made while others upload with its key", async () => {
    const authorization = `Bearer ${await kit.token("robot", { role: "OPERATOR", scopes: ["VIEW", "OPERATE"] })}`;
    const others = await Promise.all(
      [1, 2, 3, 4].map(async () => {
        const headers = { authorization, "content-length": 100, expect: "100-continue" };
        const upload = request(`${kit.url}/assets`, { method: "POST", headers }).on("error", () => {});
        upload.flushHeaders();
        await once(upload, "continue");
        return upload;
      }),
    );
    const telling = join(folder, "telling.py");
    await writeFile(
      telling,
      `import sys, time\nsys.path.insert(0, ${JSON.stringify(join(WORKER, ".."))})\nimport worker\nsleep = time.sleep\n` +
        `def tell(seconds):\n    print("pauses", flush=True)\n    sleep(seconds)\n` +
        "time.sleep = tell\nworker.main()\n",
    );
    const { lines } = await python(telling);
    const { number } = await createRun(kit, "painted", { maxChildrenPerNode: 1 });
    await lines.until((line) => line === "pauses");
    for (const upload of others) upload.destroy();
    await untilDone(number);
    const ends = (await jobsOf(number)).map(({ status, attempts }) => `${status} ${attempts}`);
    expect(new Set(ends)).toEqual(new Set(["COMPLETED 0"]));
  }, 120_000);
});

describe("claimJob, heartbeat, completeJob and failJob", () => {
  const claim = async (): Promise<NonNullable<Answer["job"]>> => {
    const { job } = await mutate(
      "claimJob",
      { generators: ["writers"] },
      "... on ClaimJobSuccess { job { leaseToken number seed } }",
    );
    if (!job) throw new Error("There was no job.");
    return job;
  };

  it("carry a job from its claim to its candidate", async () => {
    await kit.token("robot", { role: "OPERATOR" });
    const { number } = await createRun(kit, "written");
    const { leaseToken } = await claim();
    expect(
      await mutate("heartbeat", { leaseToken, progress: 0.4 }, "... on HeartbeatSuccess { wanted }"),
    ).toMatchObject({ wanted: true });
    expect(await mutate("completeJob", { leaseToken })).toMatchObject({ __typename: "InvalidInputError" });
    expect(await mutate("completeJob", { leaseToken, text: "written", usage: { costUsd: 0.5 } })).toEqual({
      __typename: "CompleteJobSuccess",
    });
    expect(await mutate("completeJob", { leaseToken, text: "again" })).toMatchObject({ __typename: "LeaseLostError" });
    expect(await statusOf(number)).toBe("COMPLETED");
  });

  it("show people what is coming: a preview reaches who watches the run", async () => {
    await kit.token("robot", { role: "OPERATOR" });
    const { id, number } = await createRun(kit, "written");
    const { leaseToken, number: jobId } = await claim();
    const picture = await plainPicture("#246");
    type Seen = { runEvents: { events: { job?: { previewUrl: string | null } }[] } };
    await using watching = await subscribe<Seen>(
      kit,
      "websocket",
      `subscription ($id: ID!) { runEvents(runId: $id) { events { ... on JobEvent { job { previewUrl } } } } }`,
      { id },
      { as: "robot" },
    );
    const jobs = ({ runEvents }: Seen) => runEvents.events.flatMap(({ job }) => job ?? []);
    await watching.until((batch) => jobs(batch).some(({ previewUrl }) => previewUrl === null));
    const preview = picture.toString("base64");
    expect(await mutate("heartbeat", { leaseToken, preview }, "... on HeartbeatSuccess { wanted }")).toMatchObject({
      wanted: true,
    });
    const batches = await watching.until((batch) => jobs(batch).some(({ previewUrl }) => previewUrl !== null));
    const url = jobs(batches.at(-1) as Seen).at(-1)?.previewUrl;
    const authorization = `Bearer ${await kit.token("robot")}`;
    const shown = await fetch(`${kit.url}${url}`, { headers: { authorization } });
    expect(shown.headers.get("content-type")).toBe("image/png");
    expect(Buffer.from(await shown.arrayBuffer()).equals(picture)).toBe(true);

    // As large as one may be, which is more than any other request; and one byte more.
    const padded = (bytes: number) => Buffer.concat([picture], bytes).toString("base64");
    expect(await mutate("heartbeat", { leaseToken, preview: padded(1_048_576) })).toEqual({
      __typename: "HeartbeatSuccess",
    });
    expect(await mutate("heartbeat", { leaseToken, preview: padded(1_048_577) })).toEqual({
      __typename: "InvalidInputError",
      message: expect.stringContaining("Send a smaller one"),
    });
    expect(await mutate("heartbeat", { leaseToken, preview: btoa("<svg/>") })).toEqual({
      __typename: "InvalidInputError",
      message: "The preview is no picture. Send a PNG, JPEG or WebP.",
    });
    await mutate("completeJob", { leaseToken, text: "written" });
    expect(await jobsOf(number)).toMatchObject([{ id: jobId, status: "COMPLETED" }]);
    expect((await fetch(`${kit.url}/jobs/${jobId}/preview`, { headers: { authorization } })).status).toBe(204);
  });

  it("wait for a job while somebody waits for the answer, and no longer", async () => {
    const token = await kit.token("robot", { role: "OPERATOR" });
    const { tail } = kit.server.engine;
    const held = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const listen = tail.listen.bind(tail);
    const spy = vi.spyOn(tail, "listen").mockImplementation((listener) => {
      const { ready, stop } = listen(listener);
      void ready.then(held.resolve);
      const release = (): void => {
        stop();
        released.resolve();
      };
      return { ready, stop: release };
    });
    const client = new AbortController();
    const question = fetch(`${kit.url}/graphql`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({
        query: `mutation { claimJob(input: { generators: ["writers"], waitSeconds: 30 }) { __typename } }`,
      }),
      signal: client.signal,
    });
    await held.promise;
    spy.mockRestore();
    client.abort();
    await expect(question).rejects.toThrow();
    await released.promise;

    const waiting = mutate(
      "claimJob",
      { generators: ["writers"], waitSeconds: 30 },
      "... on ClaimJobSuccess { job { leaseToken number seed } }",
    );
    const { number } = await createRun(kit, "written");
    const { job } = await waiting;
    expect((await jobsOf(number)).map(({ id }) => id)).toEqual([job?.number]);
    await mutate("completeJob", { leaseToken: job?.leaseToken, text: "written" });
    expect(await mutate("claimJob", { generators: ["writers"], waitSeconds: 31 })).toMatchObject({
      __typename: "InvalidInputError",
    });
  });

  it("give a failed job up where no attempt would do better", async () => {
    const { number } = await createRun(kit, "written");
    const first = await claim();
    expect(await mutate("failJob", { leaseToken: first.leaseToken, error: "no words", retryable: false })).toEqual({
      __typename: "FailJobSuccess",
    });
    expect(await jobsOf(number)).toMatchObject([{ status: "FAILED" }]);
    expect(await statusOf(number)).toBe("FAILED");
    expect(
      await mutate("failJob", { leaseToken: first.leaseToken, error: "no words", retryable: false }),
    ).toMatchObject({ __typename: "LeaseLostError" });
  });

  it("tell a worker whose run was ended to stop", async () => {
    const { id } = await createRun(kit, "written");
    const { leaseToken } = await claim();
    await mutate("abortRun", { runId: id });
    expect(await mutate("heartbeat", { leaseToken }, "... on HeartbeatSuccess { wanted }")).toMatchObject({
      wanted: false,
    });
    expect(await mutate("completeJob", { leaseToken, text: "late" })).toMatchObject({
      __typename: "LeaseLostError",
      message: expect.stringContaining("Nobody wants"),
    });
  });
});

describe("the http generator with a callback", () => {
  const next = async (runId: number): Promise<Sent> => {
    const jobs = async () => (await jobsOf(runId)).map(({ id }) => id);
    await until(runId, async () => (await jobs()).length > 0);
    const ids = await jobs();
    return await sent.until(({ job }) => ids.includes(job.jobId));
  };

  it("takes the candidate over the API from whoever has answered 202", async () => {
    const { number } = await createRun(kit, "sent");
    const { job, response } = await next(number);
    expect(job.callback.url).toBe(`${kit.url}/graphql`);
    response.writeHead(202).end();
    // The worker has let go of it.
    await expect
      .poll(() => kit.db.one(`SELECT status, worker_id AS worker FROM jobs WHERE id = $1`, [job.jobId]))
      .toEqual({ status: "RUNNING", worker: null });
    expect(await mutate("completeJob", { leaseToken: job.callback.leaseToken, text: "later" })).toEqual({
      __typename: "CompleteJobSuccess",
    });
    expect(await statusOf(number)).toBe("COMPLETED");
  });

  it("takes one answer where two come: one over the API before 202, and one in the response", async () => {
    const { number } = await createRun(kit, "sent");
    const { job, response } = await next(number);
    expect(await mutate("completeJob", { leaseToken: job.callback.leaseToken, text: "early" })).toEqual({
      __typename: "CompleteJobSuccess",
    });
    response.writeHead(200, { "content-type": "text/plain" }).end("in the response");
    expect(await statusOf(number)).toBe("COMPLETED");
    expect(await kit.db.many(`SELECT text FROM candidates WHERE pipeline_run_id = $1`, [number])).toEqual([
      { text: "early" },
    ]);
  });

  it("sends the job again after a failure, as a new attempt", async () => {
    const { number } = await createRun(kit, "sent");
    const { job, response } = await next(number);
    response.writeHead(503).end();
    const again = await sent.until((each) => each.job.jobId === job.jobId && each.response !== response);
    expect(again.job.callback.leaseToken).not.toBe(job.callback.leaseToken);
    expect(await mutate("completeJob", { leaseToken: job.callback.leaseToken, text: "old" })).toMatchObject({
      __typename: "LeaseLostError",
    });
    again.response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ text: "at last" }));
    await untilDone(number);
    expect(await jobsOf(number)).toMatchObject([{ status: "COMPLETED", attempts: 1 }]);
  });
});
