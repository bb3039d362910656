import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { abortRun } from "../src/commands/abort-run.ts";
import { type BulkDecision, decideApprovals, MAX_BULK } from "../src/commands/decide-approvals.ts";
import { rejectCandidate } from "../src/commands/reject-candidate.ts";
import { createEngine } from "../src/engine.ts";
import { ForbiddenError, InvalidInputError } from "../src/errors.ts";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
  await kit.newPipeline("bulk", [
    { gate: "MANUAL", maxChildren: 2 },
    { gate: "MANUAL", maxChildren: 1 },
  ]);
});
afterAll(() => kit[Symbol.asyncDispose]());

interface Gate {
  readonly runId: number;
  readonly runStepId: number;
  readonly approvalId: number;
}

async function gate(position = 1, runId?: number): Promise<Gate> {
  const id = runId ?? (await kit.newRun([], { pipeline: "bulk" }));
  const { id: runStepId } = await kit.untilStep(id, position, "AWAITING_APPROVAL");
  const { approvalId } = await kit.db.one<{ approvalId: number }>(
    `SELECT id AS "approvalId" FROM approvals WHERE pipeline_run_step_id = $1 AND status = 'PENDING'`,
    [runStepId],
  );
  return { runId: id, runStepId, approvalId };
}

const approve = ({ approvalId }: Gate, more: Partial<BulkDecision> = {}): BulkDecision => ({
  approvalId,
  decision: "APPROVE",
  topK: 1,
  ...more,
});

async function decide(...decisions: readonly BulkDecision[]) {
  const outcomes = await decideApprovals(kit.engine, kit.actor, decisions);
  expect(outcomes.map(({ approvalId }) => approvalId)).toEqual(decisions.map(({ approvalId }) => approvalId));
  return outcomes.map(({ outcome, error }) => (error ? error.name : outcome));
}

const statusOf = async ({ approvalId }: Gate): Promise<string> =>
  (await kit.db.one<{ status: string }>(`SELECT status FROM approvals WHERE id = $1`, [approvalId])).status;

describe("F13: one bad decision stops none of the others", () => {
  it("F13: each has its own outcome, in the order they were given", async () => {
    const [good, rejected, noK, stale, decided, aborted, last] = (await Promise.all(
      Array.from({ length: 7 }, () => gate()),
    )) as [Gate, Gate, Gate, Gate, Gate, Gate, Gate];
    await kit.approve(decided.runId, 1, 1);
    await abortRun(kit.engine, kit.actor, { runId: aborted.runId });
    const forOthers = await gate();
    await kit.db.query(`UPDATE pipeline_run_steps SET policy = '{"excludeCreator":true}' WHERE id = $1`, [
      forOthers.runStepId,
    ]);
    const wantsVotes = await gate();
    await kit.db.query(`UPDATE pipeline_run_steps SET policy = '{"minVotes":5}' WHERE id = $1`, [wantsVotes.runStepId]);

    expect(
      await decide(
        approve(good),
        approve(noK, { topK: 0 }),
        { approvalId: rejected.approvalId, decision: "REJECT", comment: "Not this." },
        approve(stale, { rankingVersion: 99_999 }),
        approve(decided),
        { approvalId: 2_000_000_000, decision: "APPROVE" },
        approve(aborted),
        approve(forOthers),
        approve(wantsVotes),
        approve(last, { comment: "x".repeat(10_001) }),
        approve(last, { comment: "\0" }),
        approve(last, { comment: "", overrideReason: null, rankingVersion: null }),
      ),
    ).toEqual([
      "DECIDED",
      "InvalidTopKError",
      "DECIDED",
      "StaleRankingError",
      "ApprovalFinalError",
      "NotFoundError",
      "RunNotActiveError",
      "ForbiddenError",
      "PolicyUnmetError",
      "InvalidInputError",
      "InvalidInputError",
      "DECIDED",
    ]);
    expect(await Promise.all([good, rejected, noK, stale, last, wantsVotes].map(statusOf))).toEqual([
      "APPROVED",
      "REJECTED",
      "PENDING",
      "PENDING",
      "APPROVED",
      "PENDING",
    ]);
    expect(await kit.status(rejected.runId)).toBe("REJECTED");
    const { comment } = await kit.db.one<{ comment: string | null }>(`SELECT comment FROM approvals WHERE id = $1`, [
      last.approvalId,
    ]);
    expect(comment).toBeNull();
  });

  it("F13: an empty comment or none rejects as well as one that says why", async () => {
    const gates = [await gate(), await gate(), await gate()];
    const comments = ["", null, undefined];
    expect(
      await decide(
        ...gates.map(({ approvalId }, place) => ({
          approvalId,
          decision: "REJECT" as const,
          comment: comments[place],
        })),
      ),
    ).toEqual(["DECIDED", "DECIDED", "DECIDED"]);
    for (const { runId } of gates) expect(await kit.status(runId)).toBe("REJECTED");
  });

  it("F1: the second decision of the same request is refused, whatever it says", async () => {
    const [one, two] = [await gate(), await gate()];
    expect(
      await decide(approve(one), { ...approve(one), decision: "REJECT" }, approve(two), approve(two), approve(one)),
    ).toEqual(["DECIDED", "ApprovalFinalError", "DECIDED", "ApprovalFinalError", "ApprovalFinalError"]);
    expect(await kit.status(one.runId)).not.toBe("REJECTED");
  });

  it("a busy run is said with its own decision, and the others go on", async () => {
    const [busy, free] = [await gate(), await gate()];
    const holder = new pg.Client({ connectionString: kit.url });
    await holder.connect();
    const impatient = new pg.Pool({ connectionString: kit.url, max: 4, lock_timeout: 100 });
    impatient.on("error", () => {});
    const engine = createEngine({ pool: impatient, gates: "on", onError: () => {} });
    try {
      await holder.query("BEGIN");
      await holder.query(`SELECT 1 FROM pipeline_runs WHERE id = $1 FOR UPDATE`, [busy.runId]);
      const outcomes = await decideApprovals(engine, kit.actor, [approve(busy), approve(free)]);
      expect(outcomes.map(({ outcome, error }) => [outcome, error?.name])).toEqual([
        ["FAILED", "UnavailableError"],
        ["DECIDED", undefined],
      ]);
      expect(outcomes[0]!.error!.message).toContain("The run is busy");
    } finally {
      await holder.query("ROLLBACK");
      await holder.end();
      await engine[Symbol.asyncDispose]();
      await impatient.end();
    }
    expect(await statusOf(busy)).toBe("PENDING");
  });
});

describe("F13: an outage that leaves open whether something was decided", () => {
  it("is no failure: the decision may be there", async () => {
    const [met, gone] = [await gate(), await gate()];
    const flaky = new pg.Pool({ connectionString: kit.url, max: 4 });
    flaky.on("error", () => {});
    let cuts = 1;
    flaky.on("connect", (client) => {
      const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
      client.query = (async (...args: unknown[]) => {
        const answer = await query(...args);
        if (args[0] === "COMMIT" && cuts-- > 0) throw new Error("Connection terminated unexpectedly");
        return answer;
      }) as never;
    });
    const engine = createEngine({ pool: flaky, gates: "on", onError: () => {} });
    try {
      const [outcome] = await decideApprovals(engine, kit.actor, [approve(met)]);
      expect(outcome).toMatchObject({ outcome: "UNKNOWN", error: { name: "UnavailableError" } });
      expect(outcome!.error!.message).toContain("it is not known whether this was decided");
      expect(await decideApprovals(engine, kit.actor, [approve(gone)])).toMatchObject([{ outcome: "DECIDED" }]);
    } finally {
      await engine[Symbol.asyncDispose]();
      await flaky.end();
    }
    expect(await statusOf(met)).toBe("APPROVED");
    expect(await decide(approve(met))).toEqual(["ApprovalFinalError"]);
  });
});

describe("F6: a decision is bound to its request", () => {
  it("F6: of a step that asks again since, the old request decides nothing", async () => {
    const old = await gate();
    const [candidate] = await kit.candidates(old.runId, 1);
    await rejectCandidate(kit.engine, kit.actor, { candidateId: candidate!.id });
    await kit.until(old.runId, async () => (await statusOf(old)) === "CANCELLED");
    const renewed = await gate(1, old.runId);
    expect(renewed.runStepId).toBe(old.runStepId);
    expect(renewed.approvalId).not.toBe(old.approvalId);

    expect(await decide(approve(old), { approvalId: old.approvalId, decision: "REJECT" })).toEqual([
      "ApprovalFinalError",
      "ApprovalFinalError",
    ]);
    const [outcome] = await decideApprovals(kit.engine, kit.actor, [approve(old)]);
    expect(outcome!.error!.message).toContain("This request was taken back");
    expect(await statusOf(renewed)).toBe("PENDING");
    expect(await kit.status(old.runId)).toBe("WAITING_FOR_APPROVAL");
    expect(await decide(approve(renewed))).toEqual(["DECIDED"]);
  });

  it("F6: two gates of one run, in a row, are two requests", async () => {
    const first = await gate();
    expect(await decide(approve(first))).toEqual(["DECIDED"]);
    const second = await gate(2, first.runId);
    expect(await decide(approve(first), approve(second))).toEqual(["ApprovalFinalError", "DECIDED"]);
    await kit.untilRun(first.runId, "COMPLETED");
  });
});

it("says where a decision was one sign-off of several", async () => {
  const joint = await gate();
  await kit.db.query(`UPDATE pipeline_run_steps SET policy = '{"quorum":2}' WHERE id = $1`, [joint.runStepId]);
  expect(await decide(approve(joint))).toEqual(["SIGNED_OFF"]);
  expect(await statusOf(joint)).toBe("PENDING");
  const other = await kit.newActor("bert", "APPROVER");
  const [outcome] = await decideApprovals(kit.engine, other, [approve(joint)]);
  expect(outcome).toMatchObject({ outcome: "DECIDED", error: null });
  expect(await statusOf(joint)).toBe("APPROVED");
  const audit = await kit.db.many<{ type: string; name: string }>(
    `SELECT type, actor_name AS name FROM audit_entries WHERE approval_id = $1 ORDER BY id`,
    [joint.approvalId],
  );
  expect(audit).toEqual([
    { type: "signed_off", name: "ada" },
    { type: "signed_off", name: "bert" },
    { type: "approved", name: "bert" },
  ]);
});

describe("who may decide several, and how many", () => {
  it.each(["VIEWER", "VOTER"] as const)("G12: not a %s", async (role) => {
    const open = await gate();
    const actor = await kit.newActor(`a ${role}`, role);
    await expect(decideApprovals(kit.engine, actor, [approve(open)])).rejects.toThrow(ForbiddenError);
    expect(await statusOf(open)).toBe("PENDING");
  });

  it.each(["APPROVER", "OPERATOR", "OWNER"] as const)("F17: an %s", async (role) => {
    const open = await gate();
    const actor = await kit.newActor(`a ${role}`, role);
    expect(await decideApprovals(kit.engine, actor, [approve(open)])).toMatchObject([{ outcome: "DECIDED" }]);
  });

  it(`1 to ${MAX_BULK}`, async () => {
    await expect(decideApprovals(kit.engine, kit.actor, [])).rejects.toThrow(InvalidInputError);
    const many = Array.from({ length: MAX_BULK + 1 }, () => ({ approvalId: 1, decision: "REJECT" as const }));
    await expect(decideApprovals(kit.engine, kit.actor, many)).rejects.toThrow(
      "Give 1 to 100 decisions; these are 101.",
    );
  });
});
