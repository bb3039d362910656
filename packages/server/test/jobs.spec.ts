import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plainPicture } from "./kit/plain-picture.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { steeredGenerator } from "./kit/steered-generator.ts";
import { newRun, until, untilStep } from "./kit/steps.ts";

let kit: ServerKit;
const steered = steeredGenerator("steered");
const limited = { ...steeredGenerator("limited", "image"), concurrency: 1 };
const claimed = { ...steeredGenerator("gpu-box"), runs: "elsewhere" as const };
beforeAll(async () => {
  kit = await serverKit({ worker: true, generators: [steered, limited, claimed] });
});
afterAll(() => kit[Symbol.asyncDispose]());

const STEP = "{ name: One, type: generate, generator: steered, n: 1, gate: manual }";

interface JobAnswer {
  readonly id: string;
  readonly status: string;
  readonly attempt: number;
  readonly progress: number;
  readonly progressMessage: string | null;
  readonly textSoFar: string | null;
  readonly log: string;
  readonly error: string | null;
  readonly externalId: string | null;
  readonly previewUrl: string | null;
  readonly costUsd: number;
  readonly finishedAt: string | null;
}

const JOB = `id status attempt ordinal generator progress progressMessage textSoFar log error externalId previewUrl costUsd
  parent { id } candidate { id } leasedTo { name } queuedAt startedAt finishedAt`;

async function jobsOf(stepId: string, args = "", as = "ada"): Promise<JobAnswer[]> {
  const { node } = await kit.graphql<{ node: { jobs: { totalCount: number; edges: { node: JobAnswer }[] } } }>(
    `query ($id: ID!) { node(id: $id) { ... on RunStep { jobs${args} { totalCount edges { cursor node { ${JOB} } }
       pageInfo { hasNextPage endCursor } } } } }`,
    { id: stepId },
    { as },
  );
  return node.jobs.edges.map((edge) => edge.node);
}

const get = async (path: string, as = "ada", options = {}) =>
  await fetch(`${kit.url}${path}`, { headers: { authorization: `Bearer ${await kit.token(as, options)}` } });

describe("a job", () => {
  it("shows what it does while it runs, and its candidate what it took", async () => {
    const run = await newRun(kit, [STEP]);
    const stepId = run.stepIds[0] as string;
    const { context, finish, request } = await steered.attempt();
    await context.saveExternalId("remote-7");
    context.progress(0.25, "Sampling", { bytes: await plainPicture("#246"), mediaType: "image/png" });
    context.write("Once upon a");
    context.log("It has begun.");
    await until(kit, async () => (await jobsOf(stepId))[0]?.progress === 0.25);

    const [job] = await jobsOf(stepId);
    expect(job).toMatchObject({
      status: "RUNNING",
      attempt: 1,
      ordinal: 1,
      generator: "steered",
      progressMessage: "Sampling",
      textSoFar: "Once upon a",
      log: "It has begun.\n",
      externalId: "remote-7",
      parent: null,
      candidate: null,
      leasedTo: null,
      finishedAt: null,
    });
    await kit.token("vic", { role: "VIEWER" });
    expect((await jobsOf(stepId, "", "vic"))[0]).toMatchObject({
      id: job?.id,
      externalId: "remote-7",
      log: "It has begun.\n",
    });

    const preview = await get(job?.previewUrl as string);
    expect(Object.fromEntries(preview.headers)).toMatchObject({
      "content-type": "image/png",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    expect(Buffer.from(await preview.arrayBuffer()).equals(await plainPicture("#246"))).toBe(true);
    const before = job?.previewUrl;
    context.progress(0.5, "Sampling", { bytes: await plainPicture("#642"), mediaType: "image/png" });
    await until(kit, async () => (await jobsOf(stepId))[0]?.progress === 0.5);
    expect((await jobsOf(stepId))[0]?.previewUrl).not.toBe(before);

    finish({
      text: "Once upon a time",
      usage: { model: "tiny-1", costUsd: 0.5, inputTokens: 3, outputTokens: 4 },
      warnings: ["It knows no seed."],
    });
    await untilStep(kit, stepId, "AWAITING_APPROVAL");
    const [done] = await jobsOf(stepId);
    expect(done).toMatchObject({ status: "COMPLETED", progress: 1, previewUrl: null, textSoFar: null, costUsd: 0.5 });
    expect((await get(before as string)).status).toBe(204);
    const { node } = await kit.graphql<{ node: unknown }>(
      `query ($id: ID!) { node(id: $id) { ... on Job { step { id } candidate { text generator model costUsd inputTokens
         outputTokens durationMs warnings importedBy { name } source job { id } } } } }`,
      { id: job?.id },
    );
    expect(node).toEqual({
      step: { id: stepId },
      candidate: {
        text: "Once upon a time",
        generator: "steered",
        model: "tiny-1",
        costUsd: 0.5,
        inputTokens: 3,
        outputTokens: 4,
        durationMs: expect.any(Number),
        warnings: ["It knows no seed."],
        importedBy: null,
        source: null,
        job: { id: job?.id },
      },
    });
    expect(request.run.id).toBe(run.number);
  });

  it("that failed keeps its error and its log, and counts its attempts", async () => {
    const run = await newRun(kit, [STEP]);
    const stepId = run.stepIds[0] as string;
    const { context, fail } = await steered.attempt();
    context.log("The service answers 500.");
    const { GeneratorError } = await import("@sluice/engine");
    fail(new GeneratorError("The service is broken.", { retryable: false }));
    await until(kit, async () => (await jobsOf(stepId))[0]?.status === "FAILED");
    expect(await jobsOf(stepId, "(status: [FAILED])")).toMatchObject([
      { attempt: 1, error: "The service is broken.", log: "The service answers 500.\n", externalId: null },
    ]);
    expect(await jobsOf(stepId, "(status: [RUNNING, QUEUED])")).toEqual([]);
  });

  it("is pushed as an event that carries it as it is now", async () => {
    const run = await newRun(kit, [STEP]);
    const client = await kit.socket();
    const events = client.iterate({
      query: `subscription ($id: ID!) { runEvents(runId: $id) { events { type ... on JobEvent {
        jobId progress message job { id progress textSoFar } } } } }`,
      variables: { id: run.id },
    });
    const { context, finish } = await steered.attempt();
    context.write("live");
    context.progress(0.5, "Writing");
    let pushed: Record<string, unknown> | undefined;
    for await (const { data } of events) {
      const all = (data as { runEvents: { events: Record<string, unknown>[] } }).runEvents.events;
      pushed = all.find(({ type }) => type === "job_progressed");
      if (pushed) break;
    }
    const [job] = await jobsOf(run.stepIds[0] as string);
    expect(pushed).toEqual({
      type: "job_progressed",
      jobId: job?.id,
      progress: 0.5,
      message: "Writing",
      job: { id: job?.id, progress: 0.5, textSoFar: "live" },
    });
    finish({ text: "done" });
    await untilStep(kit, run.stepIds[0] as string, "AWAITING_APPROVAL");
  });

  it("has a preview for those who may look, and for nobody else", async () => {
    expect((await fetch(`${kit.url}/jobs/1/preview`)).status).toBe(401);
    expect((await get("/jobs/1/preview", "vera", { role: "VOTER", scopes: ["VOTE"] })).status).toBe(403);
    // Of a job that has ended there is nothing to see, and nothing wrong in having asked.
    expect((await get("/jobs/1/preview")).status).toBe(204);
    for (const path of ["/jobs/999999999/preview", "/jobs/0/preview", "/jobs/abc/preview", "/jobs/1/preview/../x"]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });
});

describe("the jobs of a step", () => {
  it("come in pages, oldest first", async () => {
    const run = await newRun(kit, ["{ name: One, type: generate, generator: gpu-box, n: 5, gate: manual }"]);
    const stepId = run.stepIds[0] as string;
    const page = async (args: string) => {
      const { node } = await kit.graphql<{
        node: {
          jobs: {
            totalCount: number;
            edges: { node: { id: string; ordinal: number } }[];
            pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string };
          };
        };
      }>(
        `query ($id: ID!) { node(id: $id) { ... on RunStep { jobs(${args}) { totalCount edges { node { id ordinal } }
           pageInfo { hasNextPage hasPreviousPage endCursor } } } } }`,
        { id: stepId },
      );
      return { ...node.jobs, ordinals: node.jobs.edges.map((edge) => edge.node.ordinal) };
    };
    const first = await page("first: 3");
    expect(first).toMatchObject({ totalCount: 5, ordinals: [1, 2, 3], pageInfo: { hasNextPage: true } });
    const rest = await page(`first: 3, after: "${first.pageInfo.endCursor}"`);
    expect(rest).toMatchObject({ ordinals: [4, 5], pageInfo: { hasNextPage: false, hasPreviousPage: true } });
    expect(await page("status: [RUNNING]")).toMatchObject({ totalCount: 0, ordinals: [] });
    // Those that nobody wants any more are not among what can be retried, however many come before.
    await kit.db.query(
      `UPDATE jobs SET status = 'CANCELLED' WHERE ordinal <= 3
         AND pipeline_run_step_id = (SELECT id FROM pipeline_run_steps WHERE pipeline_run_id = $1)`,
      [run.number],
    );
    await kit.graphql(`mutation ($id: ID!) { cancelJob(input: { jobId: $id }) { __typename } }`, {
      id: rest.edges[0]?.node.id,
    });
    expect(await page("givenUp: true, first: 1")).toMatchObject({ totalCount: 1, ordinals: [4] });
    expect(await page("givenUp: false")).toMatchObject({ totalCount: 4, ordinals: [1, 2, 3, 5] });
    await expect(page(`after: "${Buffer.from("candidate:1").toString("base64")}"`)).rejects.toThrow("BAD_CURSOR");
  });
});

describe("generators", () => {
  it("are listed with how busy they are, over all runs", async () => {
    const run = await newRun(kit, ["{ name: One, type: generate, generator: limited, n: 3, gate: manual }"]);
    await limited.attempt();
    const { generators } = await kit.graphql<{ generators: { name: string }[] }>(
      `{ generators { name media concurrency claimed running queued health { ok detail checkedAt } } }`,
    );
    expect(generators.find(({ name }) => name === "cppn")).toMatchObject({
      media: "IMAGE",
      claimed: false,
      health: { ok: true },
    });
    expect(generators.find(({ name }) => name === "limited")).toMatchObject({
      media: "IMAGE",
      concurrency: 1,
      claimed: false,
      running: 1,
      queued: 2,
    });
    expect(generators.find(({ name }) => name === "gpu-box")).toMatchObject({
      media: "TEXT",
      claimed: true,
      running: 0,
    });
    await kit.graphql("mutation ($id: ID!) { abortRun(input: { runId: $id }) { __typename } }", { id: run.id });
  });

  it("whose jobs nobody claims are said to be why a run does not go on", async () => {
    const run = await newRun(kit, ["{ name: One, type: generate, generator: gpu-box, n: 1, gate: manual }"]);
    const { node } = await kit.graphql<{ node: { diagnosis: unknown } }>(
      `query ($id: ID!) { node(id: $id) { ... on Run { diagnosis { code message } } } }`,
      { id: run.id },
    );
    expect(node.diagnosis).toEqual([
      {
        code: "NO_GENERATOR",
        message: "Step 1 (One) has 1 job queued, and no program has claimed one of the generator gpu-box.",
      },
    ]);
  });
});
