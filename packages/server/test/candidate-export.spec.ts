import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { type IncomingMessage, get as request } from "node:http";
import { join } from "node:path";
import { encodeNodeId } from "@sluice/schema";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { candidatesOf, type NewRun, newRun, untilStep, vote } from "./kit/steps.ts";
import { unzip } from "./kit/unzip.ts";

interface Manifest {
  readonly format: string;
  readonly run: { readonly number: number; readonly prompt: string };
  readonly choice: object;
  readonly candidates: readonly {
    readonly id: number;
    readonly label: string;
    readonly step: number;
    readonly parent: number | null;
    readonly status: string;
    readonly advancement: string;
    readonly rank: number | null;
    readonly votes: number;
    readonly seed: number;
    readonly files: readonly { readonly file: string | null; readonly sha256?: string; readonly bytes: number }[];
  }[];
}

let kit: ServerKit;
/** Pictures, then texts made from two of them. */
let run: NewRun;
let pictures: string[];
beforeAll(async () => {
  kit = await serverKit({ worker: true });
  run = await newRun(kit, [
    "{ name: Form, type: generate, generator: cppn, config: { loci: form, size: 64 }, n: 3, k: 2, gate: manual }",
    "{ name: Words, type: generate, generator: grammar, n: 1, gate: manual }",
  ]);
  const [form, words] = run.stepIds as [string, string];
  await untilStep(kit, form, "AWAITING_APPROVAL");
  pictures = await candidatesOf(kit, form);
  await vote(kit, [pictures[2]!, pictures[0]!]);
  await vote(kit, [pictures[2]!, pictures[1]!]);
  await vote(kit, [pictures[0]!, pictures[1]!]);
  await kit.graphql("mutation ($id: ID!) { approveStep(input: { stepId: $id }) { __typename } }", { id: form });
  await untilStep(kit, words, "AWAITING_APPROVAL");
});
afterAll(() => kit[Symbol.asyncDispose]());

const numberOf = (id: string): number => Number(Buffer.from(id, "base64").toString().split(":")[1]);

async function get(path: string, token?: string): Promise<Response> {
  return await fetch(`${kit.url}/export/${path}`, {
    headers: { authorization: `Bearer ${token ?? (await kit.token())}` },
  });
}

async function archive(query = ""): Promise<{ files: Map<string, Buffer>; manifest: Manifest }> {
  const response = await get(`runs/${run.number}/candidates.zip${query}`);
  expect(response.status).toBe(200);
  const files = await unzip(new Uint8Array(await response.arrayBuffer()));
  return { files, manifest: JSON.parse(files.get("manifest.json")?.toString() ?? "null") as Manifest };
}

describe("a run's candidates as an archive", () => {
  it("has each picture and text under its label, and a manifest that tells what they are", async () => {
    const response = await get(`runs/${run.number}/candidates.zip`);
    expect(response.headers.get("content-type")).toBe("application/zip");
    expect(response.headers.get("content-disposition")).toBe(
      `attachment; filename="sluice-run-${run.number}-candidates.zip"`,
    );
    const { files, manifest } = await archive();
    expect(manifest).toMatchObject({ format: "sluice-candidates", version: 1, run: { prompt: "a test" } });
    expect(manifest.candidates).toHaveLength(5);
    expect([...files.keys()].at(-1)).toBe("manifest.json");
    expect(files.size).toBe(6);
    for (const { step, label, files: own } of manifest.candidates) {
      const [main] = own;
      expect(main?.file).toBe(`step-${step}/round-1/${label}${step === 1 ? ".png" : ".txt"}`);
      expect(files.get(main?.file ?? "")).toHaveLength(main?.bytes ?? 0);
    }
    const [picture] = manifest.candidates;
    const sha256 = picture?.files[0]?.sha256 ?? "";
    expect(files.get(picture?.files[0]?.file ?? "")).toEqual(
      await readFile(join(kit.dataDir, "assets", sha256.slice(0, 2), sha256)),
    );
    const best = manifest.candidates.find(({ id }) => id === numberOf(pictures[2]!));
    expect(best).toMatchObject({ rank: 1, votes: 2, advancement: "ADVANCING", parent: null, status: "ACTIVE" });
    const [text] = manifest.candidates.filter(({ step }) => step === 2);
    expect(text).toMatchObject({
      parent: expect.any(Number),
      label: expect.stringMatching(/^\d\.1$/),
      seed: expect.any(Number),
    });
  });

  it("of what advances, of one step, of those that are named by their number or id, and of nothing", async () => {
    const idsIn = ({ manifest }: { manifest: Manifest }) => manifest.candidates.map(({ id }) => id);
    const [first, second, third] = pictures.map(numberOf) as [number, number, number];
    expect(idsIn(await archive("?advancing=true&step=1"))).toEqual([first, third]);
    expect(idsIn(await archive(`?step=${encodeURIComponent(run.stepIds[0]!)}`))).toEqual([first, second, third]);
    expect(idsIn(await archive(`?ids=${third},${encodeURIComponent(pictures[0]!)}`))).toEqual([first, third]);
    const none = await archive("?step=2&advancing=true");
    expect([...none.files.keys()]).toEqual(["manifest.json"]);
    expect(none.manifest.candidates).toEqual([]);
  });

  it.each([
    [400, "ids=x"],
    [400, "ids="],
    [400, "advancing=1"],
    [400, "steps=1"],
    [400, "step=1&step=2"],
    [404, "step=3"],
    [404, `step=${encodeNodeId("RunStep", 99_999)}`],
    [404, "ids=2000000000"],
  ])("answers %i to ?%s, in words", async (status, query) => {
    const response = await get(`runs/${run.number}/candidates.zip?${query}`);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ message: expect.stringMatching(/\.$|\?/) }] });
    expect(response.headers.get("content-disposition")).toBeNull();
  });

  it("of no run that there is not, and for nobody who may not look", async () => {
    expect((await get("runs/424242/candidates.zip")).status).toBe(404);
    expect((await get("runs/x/candidates.zip")).status).toBe(400);
    expect((await get(`runs/${encodeURIComponent(run.id)}/candidates.zip?step=2`)).status).toBe(200);
    const blind = await kit.token("olga", { scopes: ["VOTE"] });
    expect((await get(`runs/${run.number}/candidates.zip`, blind)).status).toBe(403);
    expect((await fetch(`${kit.url}/export/runs/${run.number}/candidates.zip`)).status).toBe(401);
  });

  it("lists a picture that the server has lost as missing, and has all the others", async () => {
    const before = await archive("?step=1");
    const lost = before.manifest.candidates[1]?.files[0]?.sha256 ?? "";
    const path = join(kit.dataDir, "assets", lost.slice(0, 2), lost);
    const bytes = await readFile(path);
    await rm(path);
    try {
      const { files, manifest } = await archive("?step=1");
      expect(manifest.candidates[1]?.files).toMatchObject([{ file: null, sha256: lost }]);
      expect(files.size).toBe(3);
    } finally {
      await kit.server.assets.put(bytes);
    }
  });

  it("ends with all that it holds when the client hangs up", async () => {
    // More than the buffers between the two can take.
    const long = await newRun(kit, ["{ name: A, type: generate, generator: grammar, n: 1, gate: manual }"]);
    await untilStep(kit, long.stepIds[0]!, "AWAITING_APPROVAL");
    await kit.db.query(
      `INSERT INTO candidates (pipeline_run_id, pipeline_run_step_id, ordinal, text)
       SELECT pipeline_run_id, id, n, repeat('long ', 40000) FROM pipeline_run_steps, generate_series(10, 1000) n
       WHERE pipeline_run_id = $1`,
      [long.number],
    );
    const cancel = vi.spyOn(ReadableStreamDefaultReader.prototype, "cancel");
    try {
      const headers = { authorization: `Bearer ${await kit.token()}` };
      const sent = request(`${kit.url}/export/runs/${long.number}/candidates.zip`, { headers });
      const [response] = (await once(sent, "response")) as [IncomingMessage];
      await once(response, "data");
      response.destroy();
      // The body's reader, and the archive's own, with which the generator of the files ends.
      await vi.waitFor(() => expect(cancel.mock.calls.length).toBeGreaterThanOrEqual(2));
    } finally {
      cancel.mockRestore();
    }
    expect(kit.logged).toEqual([]);
  });
});

describe("preferences", () => {
  const lines = async (query = ""): Promise<Record<string, unknown>[]> => {
    const response = await get(`preferences.jsonl${query}`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/jsonl; charset=utf-8");
    const text = await response.text();
    return text === ""
      ? []
      : text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it("has a line for each vote that preferred one, with what was preferred", async () => {
    const found = await lines(`?run=${run.number}`);
    expect(found).toHaveLength(3);
    const [asset] = (await archive(`?ids=${encodeURIComponent(pictures[2]!)}`)).manifest.candidates;
    const sha256 = asset?.files[0]?.sha256;
    expect(found[0]).toMatchObject({
      prompt: "a test",
      chosen: { sha256, mediaType: "image/png", url: `/assets/${sha256}` },
      chosenId: numberOf(pictures[2]!),
      rejectedId: numberOf(pictures[0]!),
      chosenLabel: asset?.label,
      rejectedLabel: expect.stringMatching(/^\d$/),
      chosenParent: null,
      tie: false,
      run: run.number,
      step: 1,
      stepName: "Form",
      round: 1,
      voter: expect.any(Number),
      votedAt: expect.stringMatching(/Z$/),
    });
  });

  it("has texts as they are, the right one where that was chosen, ties on request, and nothing that was taken back", async () => {
    const [, words] = run.stepIds as [string, string];
    const [left, right] = (await candidatesOf(kit, words)) as [string, string];
    const { node } = await kit.graphql<{ node: { text: string } }>(
      "query ($id: ID!) { node(id: $id) { ... on Candidate { text } } }",
      { id: right },
    );
    await vote(kit, [left, right], { outcome: "RIGHT" });
    await vote(kit, [left, right], { outcome: "TIE", as: "bob" });
    await vote(kit, [left, right], { outcome: "BOTH_BAD", as: "cleo" });
    const undone = await vote(kit, [left, right], { as: "dan" });
    await kit.graphql(
      "mutation ($id: ID!) { undoVote(input: { voteId: $id }) { __typename } }",
      { id: undone },
      { as: "dan" },
    );
    const one = await lines(`?run=${run.number}&step=2`);
    expect(one).toMatchObject([
      { chosen: node.text, chosenId: numberOf(right), rejectedId: numberOf(left), tie: false },
    ]);
    const both = await lines(`?run=${encodeURIComponent(run.id)}&step=2&ties=true`);
    expect(both).toMatchObject([{ tie: false }, { tie: true, chosenId: numberOf(left) }]);
  });

  it("over all runs, tells the votes that a fork took over once, and in pages", async () => {
    const { forkRun } = await kit.graphql<{ forkRun: { run: { number: number } } }>(
      "mutation ($id: ID!) { forkRun(input: { stepId: $id }) { ... on ForkRunSuccess { run { number } } } }",
      { id: run.stepIds[0] },
    );
    const before = await lines();
    expect(new Set(before.map(({ run: number }) => number))).toEqual(new Set([run.number]));
    expect(await lines(`?run=${forkRun.run.number}`)).toHaveLength(3);
    await kit.db.query(`INSERT INTO actors (name) SELECT 'voter ' || n FROM generate_series(1, 450) n`);
    await kit.db.query(
      `INSERT INTO votes (pipeline_run_step_id, left_id, right_id, outcome, voter_id)
       SELECT pipeline_run_step_id, left_id, right_id, 'LEFT', a.id
       FROM (SELECT * FROM votes ORDER BY id LIMIT 1) v, actors a WHERE a.name LIKE 'voter %'`,
    );
    const all = await lines();
    expect(all).toHaveLength(before.length + 450);
    expect(new Set(all.map(({ voteId }) => voteId)).size).toBe(all.length);
  });

  it.each([
    [400, "step=1"],
    [400, "ties=yes"],
    [400, "run="],
    [400, "runs=1"],
    [404, "run=424242"],
  ])("answers %i to ?%s", async (status, query) => {
    expect((await get(`preferences.jsonl?${query}`)).status).toBe(status);
  });
});
