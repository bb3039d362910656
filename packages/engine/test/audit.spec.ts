import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AuditEntryContent, auditHash, CHAIN_START } from "../src/audit/audit-entry.ts";
import { type AuditRow, auditHead, readAudit } from "../src/audit/read-audit.ts";
import { verifyAudit } from "../src/audit/verify-audit.ts";
import { abortRun } from "../src/commands/abort-run.ts";
import { applyAutomaticPolicy } from "../src/commands/apply-automatic-policy.ts";
import { approveAllRemaining } from "../src/commands/approve-all-remaining.ts";
import { approveStep } from "../src/commands/approve-step.ts";
import { importCandidates } from "../src/commands/import-candidates.ts";
import { rejectCandidate } from "../src/commands/reject-candidate.ts";
import { rejectStep } from "../src/commands/reject-step.ts";
import { sendBackStep } from "../src/commands/send-back-step.ts";
import { setRunBudget } from "../src/commands/set-run-budget.ts";
import { withdrawSignOff } from "../src/commands/withdraw-sign-off.ts";
import { withRun } from "../src/db/run-transaction.ts";
import { createEngine } from "../src/engine.ts";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";
import { rateBySlot, runWaitingAtStep2 } from "./scenes.ts";

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
});
afterAll(() => kit[Symbol.asyncDispose]());

async function entriesOf(runId?: number): Promise<(AuditRow & { content: AuditEntryContent })[]> {
  const rows: AuditRow[] = [];
  for await (const page of readAudit(kit.engine, { runId, page: 7 })) rows.push(...page);
  return rows.map((row) => ({ ...row, content: JSON.parse(row.entry) as AuditEntryContent }));
}

const stepId = async (runId: number, position: number): Promise<number> => (await kit.step(runId, position)).id;

describe("what the chain records", () => {
  it("an approval: who, how, what was seen, what for, and how long it had waited", async () => {
    const grace = { ...(await kit.newActor("grace", "APPROVER")), channel: "DASHBOARD" as const };
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 3 });
    const rows = await rateBySlot(kit, runId, 2, [990, 1_200, 1_010]);
    await kit.db.query(`UPDATE approvals SET requested_at = now() - interval '90 seconds' WHERE pipeline_run_id = $1`, [
      runId,
    ]);
    await approveStep(kit.engine, grace, { runStepId: await stepId(runId, 2), topK: 2, comment: "  The calm ones. " });

    const [entry, ...others] = await entriesOf(runId);
    expect(others).toEqual([]);
    const approval = await kit.db.one<{ id: number; decidedAt: Date }>(
      `SELECT id, decided_at AS "decidedAt" FROM approvals WHERE pipeline_run_id = $1`,
      [runId],
    );
    expect(entry!.content).toMatchObject({
      id: entry!.id,
      at: approval.decidedAt.toISOString(),
      type: "approved",
      run: { id: runId },
      step: { id: await stepId(runId, 2), position: 2, round: 1 },
      approvalId: approval.id,
      actor: { id: grace.id, name: "grace", role: "APPROVER" },
      channel: "DASHBOARD",
      topK: 2,
      rankingVersion: (await kit.step(runId, 2)).rankingVersion,
      shown: [
        { id: rows[1]!.id, elo: 1_200, voteCount: 0, advances: true },
        { id: rows[2]!.id, elo: 1_010, voteCount: 0, advances: true },
        { id: rows[0]!.id, elo: 990, voteCount: 0, advances: false },
      ],
      comment: "The calm ones.",
      overrideReason: null,
      policy: {},
      sentBackTo: null,
    });
    expect(entry!.content.waitedSeconds).toBeGreaterThanOrEqual(90);
    expect(entry!.content.waitedSeconds).toBeLessThan(150);
    expect(entry!.content.confidence).toBeGreaterThan(0);
    expect(entry!.hash).toBe(auditHash(entry!.previousHash, entry!.entry));
  });

  it("a rejection, and the request that an aborted run took back, with who did it", async () => {
    const rejected = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    await rejectStep(kit.engine, kit.actor, { runStepId: await stepId(rejected, 2), comment: "Not this." });
    expect((await entriesOf(rejected)).map(({ content }) => content)).toMatchObject([
      { type: "rejected", actor: { name: "ada" }, channel: "API", comment: "Not this.", topK: null },
    ]);
    const [entry] = await entriesOf(rejected);
    expect(entry?.content.shown?.map(({ id, advances }) => [id, advances])).toEqual(
      (await kit.candidates(rejected, 2)).map(({ id }) => [id, false]),
    );

    const aborted = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    await abortRun(kit.engine, kit.actor, { runId: aborted, reason: "The client left." });
    expect((await entriesOf(aborted)).map(({ content }) => content)).toMatchObject([
      { type: "cancelled", actor: { name: "ada" }, comment: "The client left.", shown: null },
    ]);
  });

  it("a request that was withdrawn for a replacement is not the one that is decided", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    const [first] = await kit.candidates(runId, 2);
    await rejectCandidate(kit.engine, kit.actor, { candidateId: first!.id });
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    await kit.approve(runId, 2, 1);
    const entries = (await entriesOf(runId)).map(({ content }) => content);
    expect(entries.map(({ type }) => type)).toEqual(["candidate_rejected", "cancelled", "approved"]);
    expect(entries[1]!.approvalId).not.toBe(entries[2]!.approvalId);
  });

  it("candidates that came from elsewhere: which, from where, and by whom", async () => {
    const grace = { ...(await kit.newActor("grace", "OPERATOR")), channel: "DASHBOARD" as const };
    const runId = await kit.newRun([{ gate: "MANUAL", maxChildren: 2 }]);
    const { id: runStepId } = await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    const { rankingVersion } = await kit.step(runId, 1);
    const { candidateIds } = await importCandidates(kit.engine, grace, {
      runStepId,
      candidates: [{ text: "a", source: " a notebook " }, { text: "b" }],
    });
    const [entry] = await entriesOf(runId);
    expect(entry?.content).toMatchObject({
      type: "candidates_imported",
      step: { id: runStepId, position: 1, round: 1 },
      actor: { id: grace.id, name: "grace", role: "OPERATOR" },
      channel: "DASHBOARD",
      approvalId: null,
      topK: null,
      rankingVersion,
      shown: null,
      imported: [
        { id: candidateIds[0], source: "a notebook" },
        { id: candidateIds[1], source: null },
      ],
    });
    // What is refused is no entry.
    await expect(importCandidates(kit.engine, grace, { runStepId, candidates: [{}] })).rejects.toThrow();
    expect((await entriesOf(runId)).filter(({ content }) => content.imported)).toHaveLength(1);
  });

  it("another budget: before and after, by whom, and at which step; not one that is the same", async () => {
    const runId = await kit.newRun([{ gate: "AUTO" }, { gate: "MANUAL" }], { maxJobs: 50 });
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    await setRunBudget(kit.engine, kit.actor, { runId, maxJobs: 50 });
    await setRunBudget(kit.engine, kit.actor, { runId, maxCostUsd: 1.5 });
    await setRunBudget(kit.engine, kit.actor, { runId, maxJobs: null, maxCostUsd: 0.5 });
    expect((await entriesOf(runId)).map(({ content }) => content)).toMatchObject([
      {
        type: "budget_changed",
        step: { position: 2 },
        actor: { name: "ada" },
        channel: "API",
        budget: { before: { maxJobs: 50, maxCostUsd: null }, after: { maxJobs: 50, maxCostUsd: 1.5 } },
      },
      {
        type: "budget_changed",
        budget: { before: { maxJobs: 50, maxCostUsd: 1.5 }, after: { maxJobs: null, maxCostUsd: 0.5 } },
      },
    ]);
    expect(await verifyAudit(kit.engine, {})).toMatchObject({ whole: true });
  });

  it("G9: approving all that remains, with the gates that nobody has seen yet told apart", async () => {
    const runId = await kit.newRun([{}, {}, {}, {}]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    await approveAllRemaining(kit.engine, kit.actor, { runId, topK: 1 });
    const entries = (await entriesOf(runId)).map(({ content }) => content);
    expect(entries.map(({ type, step }) => [step.position, type])).toEqual([
      [2, "approved"],
      [3, "approved_in_advance"],
      [4, "approved_in_advance"],
    ]);
    expect(entries.map(({ shown }) => shown?.length ?? null)).toEqual([9, null, null]);
    expect(entries.map(({ waitedSeconds }) => typeof waitedSeconds)).toEqual(["number", "object", "object"]);
  });

  it("a gate that opened by its automatic policy: what it saw, and no person", async () => {
    const policy = { automatic: { votes: 1, elo: 500 } };
    const runId = await kit.newRun([{ gate: "MANUAL", maxChildren: 2, policy }]);
    const { id } = await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    const [left, right] = await kit.candidates(runId, 1);
    await kit.engine.castVote(kit.actor, { leftId: left!.id, rightId: right!.id, outcome: "LEFT" });
    expect(await applyAutomaticPolicy(kit.engine, id)).toMatchObject({ opened: true });
    const [entry] = await entriesOf(runId);
    expect(entry!.content).toMatchObject({
      type: "approved_by_policy",
      actor: null,
      channel: "POLICY",
      policy,
      shown: [
        { id: left!.id, voteCount: 1, advances: true },
        { id: right!.id, voteCount: 1, advances: true },
      ],
    });
  });

  it("a step that was sent back, and the round that is decided after it", async () => {
    const runId = await kit.newRun([{ gate: "MANUAL", maxChildren: 2 }]);
    const { id } = await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    await sendBackStep(kit.engine, kit.actor, { runStepId: id, toRunStepId: id, comment: "Calmer." });
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    await kit.approve(runId, 1, 1);
    expect((await entriesOf(runId)).map(({ content }) => content)).toMatchObject([
      { type: "sent_back", step: { round: 1 }, sentBackTo: 1, comment: "Calmer.", shown: [{}, {}] },
      { type: "approved", step: { round: 2 }, sentBackTo: null },
    ]);
  });

  it("a sign-off that was taken back", async () => {
    const runId = await kit.newRun([{ gate: "MANUAL", maxChildren: 2, policy: { quorum: 2 } }]);
    const { id } = await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    const [first] = await kit.rate(runId, 1, [1_100, 1_000]);
    await kit.db.query(`UPDATE approvals SET requested_at = now() - interval '1 hour' WHERE pipeline_run_id = $1`, [
      runId,
    ]);
    await approveStep(kit.engine, kit.actor, { runStepId: id, topK: 1, comment: "This one." });
    await withdrawSignOff(kit.engine, kit.actor, { runStepId: id });
    const entries = (await entriesOf(runId)).map(({ content }) => content);
    // How long people were waited for.
    for (const { requestedAt, waitedSeconds } of entries) {
      expect(requestedAt).toEqual(expect.any(String));
      expect(waitedSeconds).toBeGreaterThanOrEqual(3_600);
    }
    expect(entries).toMatchObject([
      { type: "signed_off", comment: "This one.", shown: [{ id: first!.id, advances: true }, { advances: false }] },
      { type: "sign_off_withdrawn", actor: { name: "ada" }, shown: null },
    ]);
  });

  it("a decision that is refused or rolled back leaves neither entry nor gap", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    const before = await auditHead(kit.engine);
    await expect(kit.approve(runId, 2, 0)).rejects.toThrow();
    await expect(
      withRun(kit.engine, runId, kit.actor, async (tx) => {
        tx.audit({ ...record(await stepId(runId, 2)) });
        throw new Error("The plug is pulled.");
      }),
    ).rejects.toThrow("The plug is pulled.");
    expect(await auditHead(kit.engine)).toEqual(before);
    await kit.approve(runId, 2, 1);
    expect((await auditHead(kit.engine))!.id).toBe(before!.id + 1);
    expect(await verifyAudit(kit.engine)).toMatchObject({ whole: true });
  });
});

it("F1: decisions of many runs at once, from two pools, make one chain without a gap, and none waits for ever", async () => {
  await using other = await secondEngine();
  const runs = await Promise.all(Array.from({ length: 20 }, () => runWaitingAtStep2(kit, { parents: 1, children: 2 })));
  const ids = await Promise.all(runs.map((runId) => stepId(runId, 2)));
  const before = (await auditHead(kit.engine))?.id ?? 0;
  await Promise.all(
    ids.map((runStepId, place) => {
      const engine = place % 2 === 0 ? kit.engine : other.engine;
      return place % 5 === 0
        ? rejectStep(engine, kit.actor, { runStepId })
        : approveStep(engine, kit.actor, { runStepId, topK: 1 });
    }),
  );
  const verdict = await verifyAudit(kit.engine, { page: 6 });
  expect(verdict).toMatchObject({ whole: true, problem: null });
  expect(verdict.entries).toBe(before + 20);
  const decided = (await entriesOf()).filter(({ id }) => id > before).map(({ runId }) => runId);
  expect(decided.sort((a, b) => a - b)).toEqual([...runs].sort((a, b) => a - b));
});

it("a chain may not be changed by the roads that are open to the product", async () => {
  for (const sql of [
    `UPDATE audit_entries SET actor_name = 'mallory'`,
    `DELETE FROM audit_entries`,
    `TRUNCATE audit_entries`,
  ]) {
    await expect(kit.db.query(sql)).rejects.toThrow("Audit entries are neither changed nor taken out.");
  }
});

describe("tampering by somebody who owns the database", () => {
  let kept: { id: number; hash: string };
  beforeEach(async () => {
    while (((await auditHead(kit.engine))?.id ?? 0) < 6) {
      const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
      await kit.approve(runId, 2, 1);
    }
    kept = (await auditHead(kit.engine))!;
    expect(await verifyAudit(kit.engine, { expectedHead: kept })).toMatchObject({ whole: true, head: kept });
  });

  /** Verifies what a tampered chain looks like, and puts it back. */
  async function tampered(statements: readonly (readonly [string, ...unknown[]])[], expectedHead?: typeof kept) {
    const client = new pg.Client({ connectionString: kit.url });
    await client.connect();
    try {
      await client.query(`CREATE TABLE audit_backup AS TABLE audit_entries`);
      await client.query(`ALTER TABLE audit_entries DISABLE TRIGGER USER`);
      for (const [sql, ...values] of statements) await client.query(sql, values);
      return await verifyAudit(kit.engine, { expectedHead, page: 2 });
    } finally {
      await client.query(`DELETE FROM audit_entries`);
      await client.query(`INSERT INTO audit_entries SELECT * FROM audit_backup`);
      await client.query(`DROP TABLE audit_backup`);
      await client.query(`ALTER TABLE audit_entries ENABLE TRIGGER USER`);
      await client.end();
    }
  }

  it("shows an entry whose text was changed", async () => {
    const forged = [`UPDATE audit_entries SET entry = replace(entry, 'ada', 'eve') WHERE id = 3`] as const;
    expect(await tampered([forged])).toMatchObject({ whole: false, entries: 2, problem: { kind: "CHANGED", id: 3 } });
  });

  it.each([
    [`actor_name = 'eve'`],
    [`pipeline_run_id = pipeline_run_id + 1000`],
    [`type = 'approved_by_policy'`],
    [`at = at + interval '1 day'`],
    [`approval_id = coalesce(approval_id, 0) + 1`],
  ])("shows an entry that is listed by something else than its text says: %s", async (set) => {
    const verdict = await tampered([[`UPDATE audit_entries SET ${set} WHERE id = 4`]]);
    expect(verdict.problem).toMatchObject({ kind: "CHANGED", id: 4 });
  });

  it("shows an entry that was changed and hashed anew", async () => {
    const third = (await entriesOf()).find(({ id }) => id === 3)!;
    const entry = third.entry.replaceAll("ada", "eve");
    const hash = auditHash(third.previousHash, entry);
    const verdict = await tampered([
      [`UPDATE audit_entries SET entry = $1, hash = $2, actor_name = 'eve' WHERE id = 3`, entry, hash],
    ]);
    expect(verdict.problem).toMatchObject({ kind: "CHANGED", id: 4 });
    expect(verdict.problem!.message).toContain("does not follow entry 3");
  });

  it("shows an entry that was taken out, at the start and in the middle", async () => {
    const first = await tampered([[`DELETE FROM audit_entries WHERE id = 1`]]);
    expect(first).toMatchObject({ whole: false, entries: 0, head: null, problem: { kind: "MISSING", id: 1 } });
    const middle = await tampered([[`DELETE FROM audit_entries WHERE id = 4`]]);
    expect(middle).toMatchObject({ whole: false, entries: 3, problem: { kind: "MISSING", id: 4 } });
  });

  it("shows an entry that was taken out where those behind it were moved up", async () => {
    const verdict = await tampered([
      [`DELETE FROM audit_entries WHERE id = 4`],
      [`UPDATE audit_entries SET id = -id WHERE id > 4`],
      [`UPDATE audit_entries SET id = -id - 1 WHERE id < 0`],
    ]);
    expect(verdict.problem).toMatchObject({ kind: "MOVED", id: 4 });
  });

  it("shows two entries that changed places", async () => {
    const verdict = await tampered([
      [`UPDATE audit_entries SET id = -1 WHERE id = 2`],
      [`UPDATE audit_entries SET id = 2 WHERE id = 3`],
      [`UPDATE audit_entries SET id = 3 WHERE id = -1`],
    ]);
    expect(verdict.problem).toMatchObject({ kind: "MOVED", id: 2 });
  });

  it("shows an entry that was put before the first", async () => {
    const verdict = await tampered([
      [
        `INSERT INTO audit_entries SELECT 0, at, pipeline_run_id, pipeline_run_step_id, approval_id, type, actor_id,
           actor_name, channel, entry, hash, previous_hash FROM audit_entries WHERE id = 1`,
      ],
    ]);
    expect(verdict.problem).toMatchObject({ kind: "CHANGED", id: 0 });
  });

  it("shows a chain that was cut off, or written anew, against a head that was kept", async () => {
    const cut = [`DELETE FROM audit_entries WHERE id > 3`] as const;
    expect(await tampered([cut])).toMatchObject({ whole: true, entries: 3 });
    expect((await tampered([cut], kept)).problem).toMatchObject({ kind: "MISSING", id: 4 });

    const rewritten: [string, ...unknown[]][] = [];
    let previous = CHAIN_START.hash;
    for (const { id, entry: text } of await entriesOf()) {
      const entry = id === 2 ? text.replace('"position":2', '"position":1') : text;
      const hash = auditHash(previous, entry);
      rewritten.push([
        `UPDATE audit_entries SET entry = $1, hash = $2, previous_hash = $3 WHERE id = $4`,
        entry,
        hash,
        previous,
        id,
      ]);
      previous = hash;
    }
    expect((await tampered(rewritten)).whole).toBe(true);
    expect((await tampered(rewritten, kept)).problem).toMatchObject({ kind: "CHANGED", id: kept.id });
  });
});

function record(id: number) {
  return {
    type: "approved",
    step: { id, position: 2, name: "Step 2", round: 1 },
    approvalId: null,
    actor: kit.actor,
    channel: "API",
    topK: 1,
    rankingVersion: 0,
    shown: null,
    confidence: null,
    comment: null,
    overrideReason: null,
    policy: {},
    requestedAt: null,
    sentBackTo: null,
  } as const;
}

/** As of another process: neither the pool nor the queue before the run's row is shared. */
async function secondEngine() {
  const stack = new AsyncDisposableStack();
  const pool = new pg.Pool({ connectionString: kit.url, max: 10 });
  pool.on("error", () => {});
  stack.defer(() => pool.end());
  const engine = stack.use(createEngine({ pool, gates: "on", onError: () => {} }));
  return { engine, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
