import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countedGenerator } from "./kit/counted-generator.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import {
  type ApiRun,
  applyPipeline,
  approve,
  createRun,
  mutate,
  previewOf,
  stepOf,
  stepsOf,
  until,
  untilStep,
} from "./kit/spec-runs.ts";

let kit: ServerKit;
const counted = countedGenerator("counted");
beforeAll(async () => {
  kit = await serverKit({ worker: true, generators: [counted] });
  await applyPipeline(kit, "board", [
    "{ name: Draft, type: generate, generator: grammar, n: 1 }",
    "{ name: Refine, type: generate, generator: grammar, n: 5 }",
    "{ name: Vary, type: generate, generator: counted, n: 1 }",
    "{ name: Finish, type: generate, generator: grammar }",
  ]);
});
afterAll(() => kit[Symbol.asyncDispose]());

const labels = async (run: ApiRun) => (await stepsOf(kit, run)).map(({ statusLabel }) => statusLabel);
const nextWorkOf = async (run: ApiRun) =>
  (
    await kit.graphql<{ run: { nextWork: { mode: string; message: string; openSlots: number } } }>(
      `query ($id: ID!) { run(id: $id) { nextWork { mode message openSlots } } }`,
      { id: run.id },
    )
  ).run.nextWork;

describe("Requirement: Dashboard Shows Approval Status", () => {
  it("Scenario: Visual status indicators", async () => {
    const run = await createRun(kit, "board");
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    expect(await labels(run)).toEqual([
      "Approved (all advancing)",
      "Awaiting Approval (5 candidates ready)",
      "Blocked (Step 2 unapproved)",
      "Blocked (Step 2 unapproved)",
    ]);
    expect(await nextWorkOf(run)).toMatchObject({
      mode: "WAITING_FOR_APPROVAL",
      message: `Run #${run.number} waiting for Step 2 approval`,
    });

    await approve(kit, run, 2, { topK: 3 });
    counted.allow(2);
    await until(kit, run, async () => (await stepOf(kit, run, 3)).candidateCount === 2);
    expect(await labels(run)).toEqual([
      "Approved (all advancing)",
      "Approved (3/5 advancing)",
      "Generating (2/3 candidates)",
      "Blocked (Step 3 unapproved)",
    ]);
    expect(await nextWorkOf(run)).toEqual({
      mode: "CHILD_GENERATION",
      message: `Run #${run.number} generating Step 3 (2/3 candidates)`,
      openSlots: 1,
    });
    counted.allow(1);
    await untilStep(kit, run, 3, "AWAITING_APPROVAL");
    expect((await labels(run))[2]).toBe("Awaiting Approval (3 candidates ready)");
  });

  it("Scenario: Approve button availability", async () => {
    const run = await createRun(kit, "board", { maxChildrenPerNode: 3, defaultTopK: 1 });
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    expect(await stepOf(kit, run, 2)).toMatchObject({ candidateCount: 3, pendingApproval: { status: "PENDING" } });
    expect(await previewOf(kit, run, 2)).toMatchObject({ canApprove: true, blockers: [] });
    expect(await previewOf(kit, run, 3)).toMatchObject({
      canApprove: false,
      blockers: ["Step 2 is not approved yet. Approve it first."],
    });
  });

  it("Scenario: Already approved steps", async () => {
    const run = await createRun(kit, "board");
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    const before = Date.now();
    await approve(kit, run, 2, { topK: 2 }, "ben");
    const step = await stepOf(kit, run, 2);
    expect(step).toMatchObject({ approvedBy: { name: "ben" }, advancingCount: 2, candidateCount: 5 });
    expect(step.statusLabel).toBe("Approved (2/5 advancing)");
    // The database's clock is this machine's.
    expect(Date.parse(step.approvedAt ?? "")).toBeGreaterThanOrEqual(before - 1_000);
    const { canApprove, blockers } = await previewOf(kit, run, 2);
    expect({ canApprove, blockers }).toEqual({
      canApprove: false,
      blockers: ["Approvals cannot be reverted. Create new run for different configuration."],
    });
    await mutate(kit, "abortRun", { runId: run.id });
  });

  it("S1: a run that ended has nothing to do, whatever it was at", async () => {
    const run = await createRun(kit, "board");
    await untilStep(kit, run, 2, "AWAITING_APPROVAL");
    await approve(kit, run, 2, { topK: 1 });
    await untilStep(kit, run, 3, "GENERATING");
    await mutate(kit, "abortRun", { runId: run.id, reason: "Wrong brief." });
    expect(await nextWorkOf(run)).toEqual({
      mode: "NO_WORK",
      message: `Run #${run.number} was aborted: Wrong brief.`,
      openSlots: 0,
    });
  });
});
