import { verifyAudit } from "@sluice/engine";
import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type DecisionWalk, decisionWalk } from "../kit/decision-walk.ts";
import { type ProcessKit, processKit, type ServerProcess } from "../kit/server-process.ts";
import { textWorker } from "../kit/text-worker.ts";
import { applyPipeline, mutate, runOf, settled } from "../kit/waiting-gate.ts";

const COMMENT = "Warmer, please.";

let kit: ProcessKit;
/** The server that lives. */
let survivor: ServerProcess;
let walks: DecisionWalk;
const stack = new AsyncDisposableStack();
/** What the generator was asked, by slot, with the comments that it was given. */
const asked = new Map<string, (readonly string[])[]>();

beforeAll(async () => {
  kit = stack.use(await processKit());
  survivor = await kit.server();
  for (const name of ["ada", "bob"]) await kit.people.token(name, { kind: "PERSON" });
  const draft = "name: Draft, type: generate, generator: grammar";
  const refine = "{ name: Refine, type: generate, generator: grammar }";
  await applyPipeline(kit, survivor, "One person", [`{ ${draft} }`, refine]);
  await applyPipeline(kit, survivor, "Two people", [`{ ${draft}, gate: manual, quorum: 2 }`, refine]);
  stack.use(
    await textWorker(kit, ({ run, step, parent, ordinal, notes, feedback }) => {
      const slot = `${run.id}/${step.position}/${parent?.id ?? "-"}/${ordinal}`;
      asked.set(slot, [...(asked.get(slot) ?? []), [...notes, ...feedback.map(({ comment }) => comment)]]);
      return `text ${ordinal}`;
    }),
  );
  walks = stack.use(decisionWalk(kit, survivor));
});
afterAll(() => stack.disposeAsync());
afterEach(async () => {
  expect(await brokenRunRules(kit.db)).toEqual([]);
  expect((await verifyAudit(kit.engine)).problem).toBe(null);
  const twice = [...asked].filter(([, times]) => times.length !== 1);
  expect(twice, "each candidate was made once").toEqual([]);
});

/** What the generator was told when it made the candidates of a step, one entry each. */
function told(run: number, position: number): (readonly string[])[] {
  return [...asked].filter(([slot]) => slot.startsWith(`${run}/${position}/`)).flatMap(([, times]) => times);
}

const approve = (server: ServerProcess, stepId: string, as = "ada") =>
  mutate(kit, server, "approveStep", { stepId, topK: 1, comment: COMMENT }, as);

/** The first gate has opened, once, and what follows was made with the comment. */
async function carriedOn(run: number): Promise<void> {
  expect(await settled(kit, run)).toBe("WAITING_FOR_APPROVAL");
  const { events } = await runOf(kit, run);
  expect(events).toMatchObject({ approval_granted: 1, gate_opened: 1, candidate_created: 4 });
  const saying = [expect.stringContaining(COMMENT)];
  expect(told(run, 2)).toEqual([saying, saying]);
}

describe("kill -9 of a server before each write of a decision", { timeout: 240_000 }, () => {
  it("F8, A4: an approval: nothing is decided, or the gate is open and the run goes on", async () => {
    const writes = await walks.walk({
      pipeline: "One person",
      decide: (server, { stepId }) => approve(server, stepId),
      stands: { waits: false, status: "APPROVED", comment: COMMENT },
      again: "ApprovalFinalError",
      check: ({ run }) => carriedOn(run),
    });
    expect(writes).toBeGreaterThan(4);
  });

  it("F8, G8: a rejection: nothing is decided, or the run has ended with its comment", async () => {
    const writes = await walks.walk({
      pipeline: "One person",
      decide: (server, { stepId }) => mutate(kit, server, "rejectStep", { stepId, comment: COMMENT }),
      stands: { waits: false, status: "REJECTED", comment: COMMENT },
      again: "ApprovalFinalError",
      async check({ run }) {
        expect(await settled(kit, run)).toBe("REJECTED");
        expect((await runOf(kit, run)).events).toMatchObject({ approval_rejected: 1, candidate_created: 2 });
      },
    });
    expect(writes).toBeGreaterThan(4);
  });

  it("F8: the first of two sign-offs: it counts once or not at all, and the gate waits for the second", async () => {
    const writes = await walks.walk({
      pipeline: "Two people",
      decide: (server, { stepId }) => approve(server, stepId),
      stands: { waits: true, status: "PENDING", comment: null, signOffs: ["ada"] },
      // To say it again is no second person.
      again: "ApproveStepSuccess",
      async check({ run, stepId }) {
        expect(await runOf(kit, run)).toMatchObject({ status: "WAITING_FOR_APPROVAL" });
        expect((await approve(survivor, stepId, "bob")).__typename).toBe("ApproveStepSuccess");
        await carriedOn(run);
      },
    });
    expect(writes).toBeGreaterThan(4);
  });

  it("F8: the last of two sign-offs: it is missing, or the gate is open and the run goes on", async () => {
    const writes = await walks.walk({
      pipeline: "Two people",
      before: ({ stepId }) => approve(survivor, stepId, "bob"),
      decide: (server, { stepId }) => approve(server, stepId),
      stands: { waits: false, status: "APPROVED", comment: COMMENT, signOffs: ["bob", "ada"] },
      again: "ApprovalFinalError",
      check: ({ run }) => carriedOn(run),
    });
    expect(writes).toBeGreaterThan(4);
  });

  it("F8, F15: sending back: nothing is decided, or the step begins its second round, once", async () => {
    const writes = await walks.walk({
      pipeline: "One person",
      decide: (server, { stepId }) =>
        mutate(kit, server, "sendBackStep", { stepId, toStepId: stepId, comment: COMMENT, round: 1 }),
      stands: { waits: false, status: "SENT_BACK", comment: COMMENT },
      again: "StaleRoundError",
      async check({ run }) {
        expect(await settled(kit, run)).toBe("WAITING_FOR_APPROVAL");
        const { events } = await runOf(kit, run);
        expect(events).toMatchObject({ step_sent_back: 1, approval_requested: 2, candidate_created: 4 });
        expect(told(run, 1)).toEqual([[], [], [COMMENT], [COMMENT]]);
      },
    });
    expect(writes).toBeGreaterThan(4);
  });
});
