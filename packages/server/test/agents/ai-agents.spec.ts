import { describe, expect, it } from "vitest";
import { type ApiRun, approve, createRun, mutate, stepOf, until, untilStep } from "../kit/spec-runs.ts";
import { type AgentKit, agentKit } from "./agent-kit.ts";

const BRIEF = { prompt: "A note about rain", variables: { tone: "calm" } };

const jobsOf = (agents: AgentKit, run: ApiRun) =>
  agents.kit.db.many<{ status: string; attempts: number; error: string | null; written: string | null }>(
    `SELECT status, attempts, error, text_so_far AS written FROM jobs WHERE pipeline_run_id = $1 ORDER BY id`,
    [run.number],
  );
const candidatesOf = (agents: AgentKit, run: ApiRun) =>
  agents.kit.db.many<{ text: string; model: string; inputTokens: number; outputTokens: number; warnings: string[] }>(
    `SELECT text, model, input_tokens AS "inputTokens", output_tokens AS "outputTokens", warnings FROM candidates
     WHERE pipeline_run_id = $1 ORDER BY id`,
    [run.number],
  );
const statusOf = async (agents: AgentKit, run: ApiRun) =>
  (await agents.kit.db.one<{ status: string }>(`SELECT status FROM pipeline_runs WHERE id = $1`, [run.number])).status;
const untilRun = (agents: AgentKit, run: ApiRun, status: string) =>
  until(agents.kit, run, async () => (await statusOf(agents, run)) === status);

// A worker that was killed is noticed after some seconds.
describe("an agent pipeline on a model: brief, draft, approval, polish", { timeout: 120_000 }, () => {
  it("A3, A4: the draft and the editor's comment are in the next prompt, with a restart in between", async () => {
    await using agents = await agentKit();
    const { kit, model } = agents;
    await agents.applyExample();
    const first = await agents.worker();
    const run = await createRun(kit, "brief-to-text", BRIEF);
    model.next({ text: ["Rain ", "falls."] });
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    await first[Symbol.asyncDispose]();
    model.next({ text: ["Rain falls softly."], usage: { input: 300, output: 60 } });
    expect(await approve(kit, run, 2, { comment: "Say how it falls." })).toMatchObject({
      __typename: "ApproveStepSuccess",
    });
    await agents.worker();
    await untilRun(agents, run, "COMPLETED");

    const [draft, polish] = model.requests;
    expect(model.requests).toHaveLength(2);
    for (const part of ["A note about rain", "tone: calm", "first draft of at most 200 words", "plain style"]) {
      expect(draft?.told).toContain(part);
    }
    for (const part of ["A note about rain", "Rain falls.", "Say how it falls.", "Write the final text."]) {
      expect(polish?.told).toContain(part);
    }
    expect(polish?.told).not.toContain("first draft");
    expect(await candidatesOf(agents, run)).toEqual([
      { text: "Rain falls.", model: "llama3.2", inputTokens: 100, outputTokens: 20, warnings: [] },
      { text: "Rain falls softly.", model: "llama3.2", inputTokens: 300, outputTokens: 60, warnings: [] },
    ]);
  });

  it("A3: rejecting the draft ends the run, and the model is asked for nothing more", async () => {
    await using agents = await agentKit();
    const { kit, model } = agents;
    await agents.applyExample();
    await agents.worker();
    const run = await createRun(kit, "brief-to-text", BRIEF);
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    const { id } = await stepOf(kit, run, 2);
    expect(await mutate(kit, "rejectStep", { stepId: id, comment: "Off topic." })).toMatchObject({
      __typename: "RejectStepSuccess",
    });
    expect(await statusOf(agents, run)).toBe("REJECTED");
    expect(model.requests).toHaveLength(1);
  });

  it("A5: what is written is seen while it is, and aborting the run hangs up on the model", async () => {
    await using agents = await agentKit();
    const { kit, model } = agents;
    await agents.applyExample();
    await agents.worker();
    model.next({ text: ["It ", "rains"], pace: () => model.requests[0]!.hungUp });
    const run = await createRun(kit, "brief-to-text", BRIEF);
    await until(kit, run, async () => (await jobsOf(agents, run))[0]?.written === "It ");
    expect(await mutate(kit, "abortRun", { runId: run.id, reason: "Wrong brief." })).toMatchObject({
      __typename: "AbortRunSuccess",
    });
    await model.requests[0]!.hungUp;
    expect(await statusOf(agents, run)).toBe("ABORTED");
    expect(await jobsOf(agents, run)).toMatchObject([{ status: "CANCELLED" }]);
  });

  it("A4: a draft whose worker ends in the middle is asked for anew by the next, without counting an attempt", async () => {
    await using agents = await agentKit();
    const { kit, model } = agents;
    await agents.applyExample();
    const first = await agents.worker();
    model.next({ text: ["It ", "ra"], pace: () => model.requests[0]!.hungUp });
    const run = await createRun(kit, "brief-to-text", BRIEF);
    await until(kit, run, async () => (await jobsOf(agents, run))[0]?.written === "It ");
    await first[Symbol.asyncDispose]();
    await model.requests[0]!.hungUp;
    await agents.worker();
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    expect(model.requests[1]?.body).toEqual(model.requests[0]?.body);
    expect(await jobsOf(agents, run)).toMatchObject([{ status: "COMPLETED", attempts: 0 }]);
  });

  it("A4: a draft whose worker is killed in the middle is asked for anew, and made once", async () => {
    await using agents = await agentKit();
    const { kit, model } = agents;
    await agents.applyExample();
    const run = await createRun(kit, "brief-to-text", BRIEF);
    model.next({ text: ["It ", "ra"], pace: () => model.requests[0]!.hungUp });
    const doomed = agents.doomedWorker();
    await until(kit, run, async () => (await jobsOf(agents, run))[0]?.written === "It ");
    await doomed.kill();
    await agents.worker();
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    expect(model.requests[1]?.body).toEqual(model.requests[0]?.body);
    expect(await candidatesOf(agents, run)).toMatchObject([{ text: "It rains." }]);
  });

  it("the queue tries a failed request again, and gives one up that cannot succeed", async () => {
    await using agents = await agentKit();
    const { kit, model } = agents;
    await agents.applyExample();
    await agents.worker();
    model.next({ status: 503, message: "Loading the model" });
    const run = await createRun(kit, "brief-to-text", BRIEF);
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    expect(await jobsOf(agents, run)).toMatchObject([{ status: "COMPLETED", attempts: 1 }]);

    model.next({ status: 404, message: "model not found" });
    const other = await createRun(kit, "brief-to-text", BRIEF);
    await until(kit, other, async () => (await jobsOf(agents, other))[0]?.status === "FAILED");
    expect((await jobsOf(agents, other))[0]?.error).toContain('knows no model "llama3.2"');
  });
});

describe("images of a model", { timeout: 60_000 }, () => {
  const yaml = (url: string) => `
generators:
  - { name: painter, kind: ai, provider: openai-compatible, base_url: "${url}", model: tiny, output: image }
pipelines:
  - name: Paintings
    defaults: { n: 1, k: 1 }
    steps:
      - { type: generate, name: Paint, generator: painter, gate: open }
      - { type: generate, name: Light, description: At night, generator: painter, gate: open }
`;

  it("go into the next step's request as they were kept", async () => {
    await using agents = await agentKit();
    await agents.apply(yaml(agents.model.url));
    await agents.worker();
    const run = await createRun(agents.kit, "Paintings", BRIEF);
    await untilRun(agents, run, "COMPLETED");
    const [painted, lit] = agents.model.requests;
    expect([painted?.path, lit?.path]).toEqual(["/v1/images/generations", "/v1/images/edits"]);
    expect(lit?.body.prompt).toBe("A note about rain\ntone: calm\nAt night");
    const assets = await agents.kit.db.many<{ bytes: number }>(`SELECT bytes FROM assets`);
    expect(assets.map(({ bytes }) => Number(bytes))).toEqual([lit?.files[0]?.bytes.byteLength]);
  });

  it("that are none are refused by what their bytes are", async () => {
    await using agents = await agentKit();
    await agents.apply(yaml(agents.model.url));
    await agents.worker();
    agents.model.next({ images: [{ bytes: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>") }] });
    const run = await createRun(agents.kit, "Paintings", BRIEF);
    await until(agents.kit, run, async () => (await jobsOf(agents, run))[0]?.status === "FAILED");
    expect((await jobsOf(agents, run))[0]?.error).toMatch(/PNG/i);
  });
});
