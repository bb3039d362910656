import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { abortRun } from "../src/commands/abort-run.ts";
import { approveStep } from "../src/commands/approve-step.ts";
import { forkRun } from "../src/commands/fork-run.ts";
import { importCandidates } from "../src/commands/import-candidates.ts";
import type { CandidateToImport } from "../src/commands/import-input.ts";
import { rejectCandidate } from "../src/commands/reject-candidate.ts";
import { sendBackStep } from "../src/commands/send-back-step.ts";
import {
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  RunNotActiveError,
  StaleRankingError,
  StepClosedError,
} from "../src/errors.ts";
import { previewApproval } from "../src/queries/preview-approval.ts";
import { type EngineKit, echoGenerator, engineKit } from "../src/testing/engine-kit.ts";
import { brokenRunRules } from "../src/testing/run-rules.ts";
import { heldGenerator, recordingGenerator } from "./generators.ts";
import { advancingPlaces, bySlot, eventsOf, rateBySlot, runWaitingAtStep2 } from "./scenes.ts";

let kit: EngineKit;
const held = heldGenerator();
const recording = recordingGenerator();
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker([echoGenerator(), held, recording], { concurrency: 4 });
});
afterAll(async () => {
  expect(await brokenRunRules(kit.db)).toEqual([]);
  await kit[Symbol.asyncDispose]();
});

const stepId = async (runId: number, position: number) => (await kit.step(runId, position)).id;
const bring = async (runId: number, position: number, candidates: readonly CandidateToImport[], actor = kit.actor) =>
  await importCandidates(kit.engine, actor, { runStepId: await stepId(runId, position), candidates });
const texts = (...values: string[]): CandidateToImport[] => values.map((text) => ({ text }));
const waitingAtStep1 = async (n = 2): Promise<number> => {
  const runId = await kit.newRun([{ maxChildren: n }, { generator: recording.name, maxChildren: 1 }], {
    reviewFirstStep: true,
  });
  await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
  return runId;
};
const expectedOf = (runStepId: number) =>
  kit.db.one<{ expected: number }>(`SELECT expected_candidates AS expected FROM pipeline_run_steps WHERE id = $1`, [
    runStepId,
  ]);

describe("candidates that were made elsewhere", () => {
  it("are what the step makes: pictures among pictures, texts among texts", async () => {
    const runId = await waitingAtStep1();
    const sha256 = "5".repeat(64);
    await kit.db.query(`INSERT INTO assets (sha256, media_type, bytes) VALUES ($1, 'image/png', 1)`, [sha256]);
    const runStepId = await stepId(runId, 1);
    const bringTo = (media: "image" | "text", ...candidates: CandidateToImport[]) =>
      importCandidates({ ...kit.engine, generators: new Map([["echo", { ...echoGenerator(), media }]]) }, kit.actor, {
        runStepId,
        candidates,
      });
    await expect(bringTo("image", { assets: [sha256] }, { text: "a text" })).rejects.toThrow(
      new InvalidInputError(
        "Step 1 (Step 1) makes pictures, and candidate 2 has no picture: give it one.",
        "candidates.1.assets",
      ),
    );
    await expect(bringTo("text", { assets: [sha256] })).rejects.toThrow(
      new InvalidInputError(
        "Step 1 (Step 1) makes texts, and candidate 1 has no text: give it one.",
        "candidates.0.text",
      ),
    );
    expect(await kit.candidates(runId, 1)).toHaveLength(2);
    await bringTo("image", { assets: [sha256], text: "with its prompt" });
    await bringTo("text", { text: "a text" });
    expect(await kit.candidates(runId, 1)).toHaveLength(4);
  });

  it("are 1,000 in a step at the most", async () => {
    const runId = await waitingAtStep1();
    await kit.db.query(
      `INSERT INTO candidates (pipeline_run_id, pipeline_run_step_id, ordinal, text, imported_by_id)
       SELECT $1, $2, n, 'x', $3 FROM generate_series(1001, 1999) n`,
      [runId, await stepId(runId, 1), kit.actor.id],
    );
    await kit.db.query(
      `UPDATE pipeline_run_steps SET expected_candidates = expected_candidates + 999 WHERE pipeline_run_id = $1 AND position = 1`,
      [runId],
    );
    await expect(bring(runId, 1, [{ text: "a" }, { text: "b" }])).rejects.toThrow(
      new InvalidInputError(
        "Step 1 has 999 imported candidates, and may have 1000. Import 1 at most, or into another run.",
        "candidates",
      ),
    );
    await bring(runId, 1, [{ text: "a" }]);
    await expect(bring(runId, 1, [{ text: "b" }])).rejects.toThrow(/Import into another run\.$/);
  });

  it("come beside those of the step, without a job, with who brought them and from where", async () => {
    const runId = await waitingAtStep1();
    const before = await kit.step(runId, 1);
    const sha256 = "b".repeat(64);
    await kit.db.query(`INSERT INTO assets (sha256, media_type, bytes) VALUES ($1, 'image/png', 1)`, [sha256]);
    const { candidateIds, eventSeq } = await bring(runId, 1, [
      { text: "by hand", source: "a notebook", meta: { mood: "calm" } },
      { assets: [sha256, sha256] },
    ]);
    const rows = await kit.db.many(
      `SELECT id, ordinal, text, meta, generator, source, imported_by_id AS by, status, advancement, duration_ms AS ms,
         ARRAY(SELECT sha256 FROM candidate_assets WHERE candidate_id = c.id ORDER BY position) AS assets
       FROM candidates c WHERE id = ANY($1) ORDER BY id`,
      [candidateIds],
    );
    const common = { generator: null, by: kit.actor.id, status: "ACTIVE", advancement: "UNDECIDED", ms: null };
    expect(rows).toEqual([
      {
        ...common,
        id: candidateIds[0],
        ordinal: 3,
        text: "by hand",
        meta: { mood: "calm" },
        source: "a notebook",
        assets: [],
      },
      { ...common, id: candidateIds[1], ordinal: 4, text: null, meta: {}, source: null, assets: [sha256, sha256] },
    ]);
    expect(await kit.step(runId, 1)).toMatchObject({
      status: "AWAITING_APPROVAL",
      rankingVersion: before.rankingVersion + 2,
    });
    expect(await expectedOf(before.id)).toEqual({ expected: 4 });
    const events = await kit.db.many(
      `SELECT data, actor_name AS by FROM run_events WHERE pipeline_run_id = $1 AND seq > $2 ORDER BY seq`,
      [runId, eventSeq - 2],
    );
    expect(events).toEqual(
      candidateIds.map((candidateId) => ({ by: "ada", data: { runStepId: before.id, candidateId, jobId: null } })),
    );
  });

  it("come in with one statement, as one of them does: others wait for the run meanwhile", async () => {
    const runId = await kit.newRun([{ maxChildren: 2 }, { maxChildren: 1 }]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const [one, two] = (await kit.candidates(runId, 1)).map(({ id }) => id);
    const sent = vi.spyOn(pg.Client.prototype, "query");
    const { candidateIds } = await bring(
      runId,
      2,
      [one, two, two, one, one].map((parentId, index) => ({ text: `${index}`, parentId })),
    );
    const statements = sent.mock.calls.map(([statement]) => String(statement));
    sent.mockRestore();
    expect(statements.filter((sql) => sql.includes("imported_by_id, source)"))).toHaveLength(1);
    expect(
      await kit.db.many(
        `SELECT id, text, parent_id AS parent, ordinal FROM candidates WHERE id = ANY($1) ORDER BY id`,
        [candidateIds],
      ),
    ).toEqual(
      [
        [one, 2],
        [two, 2],
        [two, 3],
        [one, 3],
        [one, 4],
      ].map(([parent, ordinal], index) => ({ id: candidateIds[index], text: `${index}`, parent, ordinal })),
    );
    const next = `SELECT next_ordinal AS next FROM candidates WHERE id = ANY($1) ORDER BY id`;
    expect(await kit.db.many(next, [[one, two]])).toEqual([{ next: 5 }, { next: 4 }]);
  });

  it("G3, G7: are ranked and chosen like the others, and a decision about the ranking without them is refused", async () => {
    const runId = await waitingAtStep1();
    const { id: runStepId, rankingVersion } = await kit.step(runId, 1);
    const { candidateIds } = await bring(runId, 1, texts("best", "worst"));
    await rateBySlot(kit, runId, 1, [1_000, 1_100, 1_200, 900]);
    expect((await previewApproval(kit.engine, runStepId, 2)).ranked[0]).toMatchObject({ id: candidateIds[0] });
    await expect(approveStep(kit.engine, kit.actor, { runStepId, topK: 2, rankingVersion })).rejects.toThrow(
      StaleRankingError,
    );
    await kit.approve(runId, 1, 2);
    expect(await advancingPlaces(kit, runId, 1)).toEqual([1, 2]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    expect(recording.requests.filter(({ run }) => run.id === runId).map(({ parent }) => parent?.text)).toContain(
      "best",
    );
    const { snapshot } = await kit.db.one<{ snapshot: { ranked: { id: number }[] } }>(
      `SELECT snapshot FROM approvals WHERE pipeline_run_step_id = $1 AND status = 'APPROVED'`,
      [runStepId],
    );
    expect(snapshot.ranked.map(({ id }) => id)).toEqual(expect.arrayContaining([...candidateIds]));
  });

  it("V1: are voted on", async () => {
    const runId = await waitingAtStep1(1);
    const { candidateIds } = await bring(runId, 1, texts("better"));
    const [own] = await kit.candidates(runId, 1);
    await kit.engine.castVote(kit.actor, { leftId: candidateIds[0]!, rightId: own!.id, outcome: "LEFT" });
    const [worse, better] = await kit.candidates(runId, 1);
    expect(better?.elo).toBeGreaterThan(1_000);
    expect(worse?.elo).toBeLessThan(1_000);
  });

  it("take nobody's slot while the step generates, and no later candidate gets their place", async () => {
    const runId = await kit.newRun([{ generator: held.name, maxChildren: 2 }, {}], { reviewFirstStep: true });
    await bring(runId, 1, texts("early"));
    expect(await kit.step(runId, 1)).toMatchObject({ status: "GENERATING" });
    held.release();
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    expect((await bySlot(kit, runId, 1)).map(({ ordinal }) => ordinal)).toEqual([1, 2, 3]);
    const early = (await kit.candidates(runId, 1)).find(({ text }) => text === "early");
    await rejectCandidate(kit.engine, kit.actor, { candidateId: early!.id });
    await kit.until(runId, async () => (await kit.candidates(runId, 1)).length === 4);
    expect((await bySlot(kit, runId, 1)).map(({ ordinal, status }) => [ordinal, status])).toEqual([
      [1, "ACTIVE"],
      [2, "ACTIVE"],
      [3, "REJECTED"],
      [4, "ACTIVE"],
    ]);
  });

  it("G2: have a parent that came through the gate before, and count among its children", async () => {
    const runId = await runWaitingAtStep2(kit, { parents: 1, children: 2 });
    const [parent] = await kit.candidates(runId, 1);
    await bring(runId, 2, [{ text: "another child", parentId: parent!.id }]);
    expect((await bySlot(kit, runId, 2)).map(({ parentId, ordinal }) => [parentId, ordinal])).toEqual([
      [parent!.id, 1],
      [parent!.id, 2],
      [parent!.id, 3],
    ]);
    const [sibling] = await kit.candidates(runId, 2);
    for (const [parentId, message] of [
      [null, "Candidate 1 needs a parent: step 2 is made from what advanced through step 1."],
      [sibling!.id, "Candidate 1 has a parent that did not advance through step 1 of this run."],
      [0, "Candidate 1 has a parent that did not advance through step 1 of this run."],
    ] as const) {
      await expect(bring(runId, 2, [{ text: "stray", parentId }])).rejects.toThrow(
        new InvalidInputError(message, "candidates.0.parentId"),
      );
    }
    await expect(bring(runId, 3, [{ text: "too soon", parentId: sibling!.id }])).rejects.toThrow(
      "Candidate 1 has a parent that did not advance through step 2 of this run.",
    );
  });

  it("G14: pass an open gate as soon as they are there, and have children", async () => {
    const runId = await kit.newRun([
      { gate: "OPEN", generator: held.name, maxChildren: 1 },
      { gate: "MANUAL", maxChildren: 2 },
    ]);
    held.release();
    const slow = await kit.newRun([
      { gate: "OPEN", generator: "nobody has it", maxChildren: 1 },
      { gate: "MANUAL", maxChildren: 2 },
    ]);
    const { candidateIds } = await bring(slow, 1, texts("quick"));
    await kit.until(slow, async () => (await kit.candidates(slow, 2)).length === 2);
    expect((await kit.candidates(slow, 1))[0]).toMatchObject({ advancement: "ADVANCING" });
    expect((await kit.candidates(slow, 2)).map(({ parentId }) => parentId)).toEqual([candidateIds[0], candidateIds[0]]);
    // Where the step has settled, what came through is fixed.
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    await expect(bring(runId, 1, texts("late"))).rejects.toThrow(StepClosedError);
    await abortRun(kit.engine, kit.actor, { runId: slow });
  });

  it("A2: come to an approval step through the open step before it", async () => {
    const runId = await kit.newRun([{ kind: "AGENT", gate: "OPEN", maxChildren: 1 }, { kind: "APPROVAL" }]);
    await kit.untilStep(runId, 2, "AWAITING_APPROVAL");
    const { candidateIds } = await bring(runId, 1, texts("an editor's own"));
    await expect(bring(runId, 2, texts("stray"))).rejects.toThrow(
      "Step 2 (Step 2) has no candidates of its own: import into the step before it.",
    );
    await rateBySlot(kit, runId, 1, [900, 1_100]);
    await kit.approve(runId, 2, 1);
    expect(await kit.status(runId)).toBe("COMPLETED");
    const winners = (await kit.candidates(runId, 1)).filter(({ advancement }) => advancement === "ADVANCING");
    expect(winners.map(({ id }) => id)).toEqual(candidateIds);
  });

  it("belong to the round of their step, and go along into a fork", async () => {
    const runId = await waitingAtStep1(1);
    const runStepId = await stepId(runId, 1);
    await bring(runId, 1, texts("first round"));
    await sendBackStep(kit.engine, kit.actor, { runStepId, toRunStepId: runStepId, comment: "Again." });
    await kit.untilStep(runId, 1, "AWAITING_APPROVAL");
    await bring(runId, 1, [{ text: "second round", source: "a friend" }]);
    expect((await kit.candidates(runId, 1)).map(({ round, ordinal, status }) => [round, ordinal, status])).toEqual([
      [1, 1, "SUPERSEDED"],
      [1, 2, "SUPERSEDED"],
      [2, 3, "ACTIVE"],
      [2, 4, "ACTIVE"],
    ]);
    const copy = await forkRun(kit.engine, kit.actor, { runStepId });
    expect(
      await kit.db.many(
        `SELECT source, generator, imported_by_id AS by FROM candidates WHERE pipeline_run_id = $1 ORDER BY id`,
        [copy.runId],
      ),
    ).toEqual([
      { source: null, generator: "echo", by: null },
      { source: "a friend", generator: null, by: kit.actor.id },
    ]);
  });
});

describe("what is not imported", () => {
  it("anything, when one of them is wrong", async () => {
    const runId = await waitingAtStep1(1);
    const asset = "c".repeat(64);
    const wrong: [CandidateToImport, string, string][] = [
      [{}, "text", "Candidate 2 has neither a text nor an asset: give it one."],
      [{ text: "  \n" }, "text", "Candidate 2 has neither a text nor an asset: give it one."],
      [{ text: "x".repeat(1_000_001) }, "text", "Candidate 2 has a text of more than 1000000 characters."],
      [{ text: "a\0b" }, "text", "Candidate 2, its text holds a null character, which cannot be stored."],
      [{ assets: ["nothing"] }, "assets", `Candidate 2 has an asset "nothing", which is no SHA-256`],
      [{ assets: Array(21).fill(asset) as string[] }, "assets", "Candidate 2 has 21 assets; at most 20 are kept."],
      [
        { assets: [asset] },
        "assets",
        `Candidate 2 has an asset that is not there: ${asset}. Upload its bytes to /assets`,
      ],
      [{ text: "a", source: "s".repeat(501) }, "source", "Candidate 2 has a source of more than 500 characters."],
      [{ text: "a", meta: [1] }, "meta", "Candidate 2 has a `meta` that is no object."],
      [{ text: "a", meta: { b: "x".repeat(270_000) } }, "meta", "Candidate 2 keeps more than 256 kB as its `meta`."],
      [{ text: "a", parentId: 1 }, "parentId", "Candidate 2 has a parent, but step 1 is the run's first"],
    ];
    const before = await kit.db.one(`SELECT event_seq FROM pipeline_runs WHERE id = $1`, [runId]);
    for (const [candidate, field, message] of wrong) {
      const refused = await bring(runId, 1, [{ text: "fine" }, candidate]).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(InvalidInputError);
      expect([(refused as InvalidInputError).field, (refused as Error).message]).toEqual([
        `candidates.1.${field}`,
        expect.stringContaining(message),
      ]);
    }
    await expect(bring(runId, 1, [])).rejects.toThrow("Name at least one candidate to import.");
    await expect(bring(runId, 1, texts(...Array<string>(101).fill("x")))).rejects.toThrow(
      "101 candidates are too many",
    );
    expect(await kit.candidates(runId)).toHaveLength(1);
    expect(await kit.db.one(`SELECT event_seq FROM pipeline_runs WHERE id = $1`, [runId])).toEqual(before);
  });

  it("into a step that is decided, a run that has ended, or by whoever may not operate", async () => {
    const runId = await waitingAtStep1();
    const voter = await kit.newActor("vera", "VOTER");
    await expect(bring(runId, 1, texts("a"), voter)).rejects.toThrow(ForbiddenError);
    await expect(importCandidates(kit.engine, kit.actor, { runStepId: 0, candidates: texts("a") })).rejects.toThrow(
      NotFoundError,
    );
    await kit.approve(runId, 1, 1);
    await expect(bring(runId, 1, texts("late"))).rejects.toThrow("Step 1 is decided");
    await abortRun(kit.engine, kit.actor, { runId });
    await expect(bring(runId, 1, texts("late"))).rejects.toThrow(RunNotActiveError);
    expect(await eventsOf(kit, runId, "candidate_created")).toBeLessThanOrEqual(3);
  });

  it("G11: more than once, when a decision comes at the same moment: it is in what is decided, or refused", async () => {
    for (let attempt = 0; attempt < 5; attempt++) {
      const runId = await waitingAtStep1(1);
      const [approval, imported] = await Promise.allSettled([kit.approve(runId, 1, 2), bring(runId, 1, texts("just"))]);
      expect(approval.status).toBe("fulfilled");
      const [, second] = await kit.candidates(runId, 1);
      expect(second?.advancement).toBe(imported.status === "fulfilled" ? "ADVANCING" : undefined);
    }
  });
});
