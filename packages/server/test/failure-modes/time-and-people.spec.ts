import { checkStalls } from "@sluice/engine";
import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type TwoServers, twoServers } from "../kit/two-servers.ts";
import { applyPipeline, mutate, runOf, settled, type WaitingGate, waitingGate } from "../kit/waiting-gate.ts";

let kit: TwoServers;
beforeAll(async () => {
  kit = await twoServers();
  await applyPipeline(kit, kit.servers[0], "Text", [
    "{ name: Draft, type: generate, generator: grammar, stall_after: 1h }",
    "{ name: Refine, type: generate, generator: grammar, stall_after: 1h }",
  ]);
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(async () => {
  expect(await brokenRunRules(kit.db)).toEqual([]);
});

const HOUR = 3_600_000;
const hoursFromNow = (hours: number): Date => new Date(Date.now() + hours * HOUR);
const events = async ({ run }: WaitingGate): Promise<Record<string, number>> => (await runOf(kit, run)).events;

describe("time that passes while people decide", { timeout: 120_000 }, () => {
  it("F9: a decision and the clock at the same moment: one decision, with what was said, and no alert that stays", async () => {
    for (let round = 0; round < 6; round++) {
      const gate = await waitingGate(kit, kit.servers[0], 2);
      // Both servers' clocks, and a person at either.
      const clock = () => checkStalls(kit.engine, hoursFromNow(round + 2));
      const decide = (index: number) =>
        mutate(kit, kit.either(index), "approveStep", { stepId: gate.stepId, topK: 1, comment: `said at ${index}` });
      const [, first, second] = await Promise.all([clock(), decide(round), decide(round + 1), clock(), clock()]);
      const won = [first, second].filter(({ __typename }) => __typename === "ApproveStepSuccess");
      expect(won).toHaveLength(1);
      expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
      await clock();
      const happened = await events(gate);
      expect(happened).toMatchObject({ approval_granted: 1, gate_opened: 1, approval_requested: 2 });
      const kept = await kit.db.one<{ comment: string; open: number }>(
        `SELECT rs.comment, (SELECT count(*)::int FROM alerts a WHERE a.pipeline_run_step_id = rs.id AND resolved_at IS NULL) AS open
         FROM pipeline_run_steps rs WHERE rs.pipeline_run_id = $1 AND rs.position = 1`,
        [gate.run],
      );
      expect(kept).toEqual({ comment: expect.stringMatching(/^said at \d+$/), open: 0 });
    }
  });

  it("F9: the wait is counted from the request, not from the step's beginning", async () => {
    const gate = await waitingGate(kit, kit.servers[0], 2);
    await kit.engine.pool.query(
      `UPDATE pipeline_run_steps SET last_progress_at = last_progress_at - interval '5 hours' WHERE pipeline_run_id = $1 AND position = 1`,
      [gate.run],
    );
    await checkStalls(kit.engine, hoursFromNow(0.9));
    expect(await events(gate)).not.toHaveProperty("alert_raised");
    await checkStalls(kit.engine, hoursFromNow(1.1));
    expect(await events(gate)).toMatchObject({ alert_raised: 1 });
  });

  it("F9: a gate that has waited for a year can be decided as on its first day", async () => {
    const gate = await waitingGate(kit, kit.servers[0], 2);
    for (const hours of [2, 200, 9_000]) await checkStalls(kit.engine, hoursFromNow(hours));
    expect((await runOf(kit, gate.run)).status).toBe("WAITING_FOR_APPROVAL");
    const answer = await mutate(kit, kit.servers[1], "rejectStep", { stepId: gate.stepId, comment: "After a year." });
    expect(answer.__typename).toBe("RejectStepSuccess");
    const before = await events(gate);
    await checkStalls(kit.engine, hoursFromNow(18_000));
    expect(await events(gate)).toEqual(before);
  });

  it("F16: one alert for one stall, however many look and start; and none after a start that finds it over", async () => {
    const [waits, moves] = [await waitingGate(kit, kit.servers[0], 2), await waitingGate(kit, kit.servers[0], 2)];
    const age = (gate: WaitingGate) =>
      kit.engine.pool.query(
        `UPDATE approvals SET requested_at = requested_at - interval '90 minutes' WHERE pipeline_run_id = $1 AND status = 'PENDING'`,
        [gate.run],
      );
    await Promise.all([age(waits), age(moves)]);
    await Promise.all(Array.from({ length: 5 }, () => checkStalls(kit.engine)));
    expect(await events(waits)).toMatchObject({ alert_raised: 1 });
    expect(await events(moves)).toMatchObject({ alert_raised: 1 });
    expect((await mutate(kit, kit.servers[0], "approveStep", { stepId: moves.stepId, topK: 1 })).__typename).toBe(
      "ApproveStepSuccess",
    );
    expect(await settled(kit, moves.run)).toBe("WAITING_FOR_APPROVAL");
    // A server looks as soon as it starts.
    await (await kit.server()).end("SIGTERM");
    await (await kit.server()).end("SIGKILL");
    await checkStalls(kit.engine);
    const [still, over] = [await events(waits), await events(moves)];
    expect({ raised: still.alert_raised, resolved: still.alert_resolved }).toEqual({ raised: 1, resolved: undefined });
    expect({ raised: over.alert_raised, resolved: over.alert_resolved }).toEqual({ raised: 1, resolved: 1 });
  });
});
