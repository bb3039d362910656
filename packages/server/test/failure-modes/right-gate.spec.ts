import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type TwoServers, twoServers } from "../kit/two-servers.ts";
import { applyPipeline, mutate, runOf, settled } from "../kit/waiting-gate.ts";

let kit: TwoServers;
beforeAll(async () => {
  kit = await twoServers();
  await applyPipeline(kit, kit.servers[0], "Letters", [
    "{ name: Draft, type: generate, generator: grammar, gate: open }",
    "{ name: Read it, type: approval }",
    "{ name: Read it, type: approval }",
    "{ name: Polish, type: generate, generator: grammar }",
  ]);
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(async () => {
  expect(await brokenRunRules(kit.db)).toEqual([]);
});

interface Step {
  readonly id: string;
  readonly status: string;
  readonly comment: string | null;
  readonly rankingVersion: number;
}

/** A run that waits at the first of two approval steps with one name. */
async function lettersRun(): Promise<{ id: string; run: number; steps(): Promise<Step[]> }> {
  const { createRun } = await kit.graphql<{ createRun: { run: { id: string; number: number } } }>(
    kit.servers[0],
    `mutation { createRun(input: { pipeline: "Letters", prompt: "a bakery", maxChildrenPerNode: 3, defaultTopK: 3 }) {
       ... on CreateRunSuccess { run { id number } } } }`,
  );
  const { id, number } = createRun.run;
  expect(await settled(kit, number)).toBe("WAITING_FOR_APPROVAL");
  return {
    id,
    run: number,
    async steps() {
      const { run } = await kit.graphql<{ run: { steps: Step[] } }>(
        kit.servers[1],
        `query ($id: ID!) { run(id: $id) { steps { id status comment rankingVersion } } }`,
        { id },
      );
      return run.steps;
    },
  };
}

const approve = (index: number, input: object) => mutate(kit, kit.either(index), "approveStep", { ...input });

describe("an answer reaches the gate that it was given for, and no other", { timeout: 120_000 }, () => {
  it("F6: of two approval steps in a row with one name, an approval opens its own", async () => {
    const run = await lettersRun();
    const [, first, second] = await run.steps();
    expect((await approve(0, { stepId: first!.id, comment: "for the first" })).__typename).toBe("ApproveStepSuccess");
    expect(await settled(kit, run.run)).toBe("WAITING_FOR_APPROVAL");
    const [, firstThen, secondThen] = await run.steps();
    expect(firstThen).toMatchObject({ status: "APPROVED", comment: "for the first" });
    expect(secondThen).toMatchObject({ status: "AWAITING_APPROVAL", comment: null });

    // The same click again, as from a page that is late or a client that sends it twice.
    for (const index of [0, 1]) {
      expect((await approve(index, { stepId: first!.id, comment: "again" })).__typename).toBe("ApprovalFinalError");
    }
    expect(await run.steps()).toMatchObject([
      {},
      { comment: "for the first" },
      { comment: null, status: "AWAITING_APPROVAL" },
      {},
    ]);
    expect((await mutate(kit, kit.servers[1], "rejectStep", { stepId: first!.id })).__typename).toBe(
      "ApprovalFinalError",
    );
    expect((await approve(1, { stepId: second!.id })).__typename).toBe("ApproveStepSuccess");
    expect((await runOf(kit, run.run)).events).toMatchObject({ approval_granted: 2 });
    expect(await settled(kit, run.run)).toBe("WAITING_FOR_APPROVAL");
  });

  it("F6: of two runs of one pipeline, each is decided by itself", async () => {
    const [one, other] = [await lettersRun(), await lettersRun()];
    const before = await other.steps();
    const [, gate] = await one.steps();
    expect((await approve(0, { stepId: gate!.id, topK: 1, comment: "only here" })).__typename).toBe(
      "ApproveStepSuccess",
    );
    expect(await settled(kit, one.run)).toBe("WAITING_FOR_APPROVAL");
    expect(await other.steps()).toEqual(before);
    expect((await runOf(kit, other.run)).events).not.toHaveProperty("approval_granted");
    expect((await mutate(kit, kit.servers[1], "abortRun", { runId: one.id })).__typename).toBe("AbortRunSuccess");
    expect(await other.steps()).toEqual(before);
    expect((await approve(1, { stepId: before[1]!.id })).__typename).toBe("ApproveStepSuccess");
  });

  it("F6: what a person saw before a candidate was replaced approves nothing afterwards", async () => {
    const run = await lettersRun();
    const [draft] = await run.steps();
    const { node } = await kit.graphql<{ node: { candidates: { edges: { node: { id: string } }[] } } }>(
      kit.servers[0],
      `query ($id: ID!) { node(id: $id) { ... on RunStep { candidates(first: 10) { edges { node { id } } } } } }`,
      { id: draft!.id },
    );
    const [, seen] = await run.steps();
    const out = node.candidates.edges[0]!.node.id;
    expect((await mutate(kit, kit.servers[0], "rejectCandidate", { candidateId: out })).__typename).toBe(
      "RejectCandidateSuccess",
    );
    await kit.until(async () => (await runOf(kit, run.run)).events.approval_requested === 2);
    const late = { stepId: seen!.id, rankingVersion: seen!.rankingVersion };
    expect((await approve(1, late)).__typename).toBe("StaleRankingError");
    const [, now] = await run.steps();
    expect(now).toMatchObject({ status: "AWAITING_APPROVAL" });
    expect((await approve(0, { stepId: now!.id, rankingVersion: now!.rankingVersion })).__typename).toBe(
      "ApproveStepSuccess",
    );
  });
});
