import { rollback } from "@sluice/db";
import { createTestDatabase, migrateDatabase } from "@sluice/db/testing";
import { expect, it } from "vitest";
import { forkRun } from "../src/commands/fork-run.ts";
import { sendBackStep } from "../src/commands/send-back-step.ts";
import { engineKit } from "../src/testing/engine-kit.ts";

it("the way back from rounds: what was made in earlier ones stays, rejected, and one decision of each step stands", async () => {
  const database = await createTestDatabase();
  await using kit = await engineKit({ database });
  const worker = await kit.worker();
  const runId = await kit.newRun([{ maxChildren: 2 }, { maxChildren: 1 }], { reviewFirstStep: true });
  await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
  await kit.approve(runId, 1, 1);
  const second = await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
  const first = await kit.step(runId, 1);
  const { runId: fork } = await forkRun(kit.engine, kit.actor, { runStepId: first.id });
  await sendBackStep(kit.engine, kit.actor, { runStepId: second.id, toRunStepId: first.id, comment: "Again." });
  await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
  await kit.approve(runId, 1, 2);
  await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
  await worker[Symbol.asyncDispose]();

  const deps = { url: database.url, log: () => undefined };
  const taken: string[] = [];
  while (!taken.at(-1)?.endsWith("_decisions")) taken.push((await rollback(deps)).rolledBack);
  expect(
    await kit.db.many(
      `SELECT rs.position, c.status, count(*)::int AS candidates FROM candidates c
       JOIN pipeline_run_steps rs ON rs.id = c.pipeline_run_step_id WHERE rs.pipeline_run_id = $1 GROUP BY 1, 2 ORDER BY 1, 2`,
      [runId],
    ),
  ).toEqual([
    { position: 1, status: "ACTIVE", candidates: 2 },
    { position: 1, status: "REJECTED", candidates: 2 },
    { position: 2, status: "ACTIVE", candidates: 2 },
    { position: 2, status: "REJECTED", candidates: 1 },
  ]);
  expect(
    await kit.db.many(
      `SELECT rs.position, a.status FROM approvals a JOIN pipeline_run_steps rs ON rs.id = a.pipeline_run_step_id
       WHERE rs.pipeline_run_id = $1 ORDER BY a.id`,
      [runId],
    ),
  ).toEqual([
    { position: 1, status: "CANCELLED" },
    { position: 2, status: "CANCELLED" },
    { position: 1, status: "APPROVED" },
    { position: 2, status: "PENDING" },
  ]);
  await expect(
    kit.db.query(
      `INSERT INTO approvals (pipeline_run_id, pipeline_run_step_id, status, decided_at) VALUES ($1, $2, 'APPROVED', now())`,
      [runId, first.id],
    ),
  ).rejects.toThrow("approvals_one_decision");
  await expect(
    kit.db.query(`UPDATE pipeline_run_steps SET approved = false, status = 'BLOCKED' WHERE id = $1`, [first.id]),
  ).rejects.toThrow("Approvals cannot be reverted");

  // And forward again, as whoever goes on with the newer version does.
  await migrateDatabase(database.url);
  await kit.approve(runId, 2);
  expect(await kit.status(runId)).toBe("COMPLETED");
  expect(await kit.status(fork)).toBe("WAITING_FOR_APPROVAL");
});
