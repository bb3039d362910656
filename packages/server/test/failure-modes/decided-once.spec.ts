import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type TwoServers, twoServers } from "../kit/two-servers.ts";
import { applyTextPipeline, mutate, runOf, settled, tally, waitingGate } from "../kit/waiting-gate.ts";

let kit: TwoServers;
beforeAll(async () => {
  kit = await twoServers();
  await applyTextPipeline(kit, kit.servers[0]);
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(async () => {
  expect(await brokenRunRules(kit.db)).toEqual([]);
});

interface Decided {
  readonly __typename: string;
  readonly message?: string;
  readonly step?: { readonly status: string; readonly approvedBy: { readonly name: string } | null };
  readonly status?: string;
  readonly decidedBy?: { readonly name: string };
  readonly decision?: { readonly status: string; readonly decidedBy: { readonly name: string } };
}

/** Decides, and says who won where somebody else had. */
async function decide(index: number, name: string, input: object, as: string): Promise<Decided> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}`;
  const answer = await kit.graphql<Record<string, Decided>>(
    kit.either(index),
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename
       ... on ${type}Success { step { status approvedBy { name } } }
       ... on Error { message }
       ... on ApprovalFinalError { step { status approvedBy { name } } decidedBy { name } decision { status decidedBy { name } } }
       ... on RunNotActiveError { status } } }`,
    { input },
    as,
  );
  return answer[name]!;
}

describe("a gate that many decide at once, on two servers", { timeout: 120_000 }, () => {
  it("F1: 50 approvals: one wins, everybody else is told who; one record, each job once", async () => {
    const gate = await waitingGate(kit, kit.servers[0]);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        decide(index, "approveStep", { stepId: gate.stepId, topK: 2 }, `approver ${index}`),
      ),
    );
    expect(tally(answers)).toEqual({ ApproveStepSuccess: 1, ApprovalFinalError: 49 });
    const winner = `approver ${answers.findIndex(({ __typename }) => __typename === "ApproveStepSuccess")}`;
    for (const { __typename, decidedBy, decision } of answers) {
      if (__typename !== "ApprovalFinalError") continue;
      expect(decidedBy).toEqual({ name: winner });
      expect(decision).toEqual({ status: "APPROVED", decidedBy: { name: winner } });
    }
    for (const { step } of answers) expect(step).toEqual({ status: "APPROVED", approvedBy: { name: winner } });

    expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
    expect((await runOf(kit, gate.run)).events).toMatchObject({ approval_granted: 1, gate_opened: 1 });
    const records = await kit.db.many(
      `SELECT a.status, d.name FROM approvals a JOIN pipeline_run_steps rs ON rs.id = a.pipeline_run_step_id
       JOIN actors d ON d.id = a.decided_by_id WHERE a.pipeline_run_id = $1 AND rs.position = 1`,
      [gate.run],
    );
    expect(records).toEqual([{ status: "APPROVED", name: winner }]);
    const made = await kit.db.one(
      `SELECT count(*)::int AS jobs, count(DISTINCT (parent_id, ordinal))::int AS slots, max(fence) AS starts
       FROM jobs WHERE pipeline_run_id = $1 AND parent_id IS NOT NULL`,
      [gate.run],
    );
    expect(made).toEqual({ jobs: 8, slots: 8, starts: 1 });
  });

  it("F1: approve, reject and abort at once: one holds, and the others' errors agree with it", async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 8; round++) {
      const gate = await waitingGate(kit, kit.servers[0], 2);
      const { stepId, runId } = gate;
      const attempts = [
        () => decide(round, "approveStep", { stepId, topK: 1 }, "ada"),
        () => decide(round + 1, "rejectStep", { stepId, comment: "No." }, "bob"),
        () => mutate(kit, kit.either(round), "abortRun", { runId }, "eve") as Promise<Decided>,
      ];
      // Each goes first sometimes, and at the start so far ahead that it is the one that holds; later, all are on their
      // way before any is answered.
      const first = round % attempts.length;
      const [ahead, ...others] = [...attempts.slice(first), ...attempts.slice(0, first)];
      const held = ahead!();
      if (round < attempts.length) await held;
      const answers = await Promise.all([held, ...others.map((send) => send())]);
      const won = answers
        .filter(({ __typename }) => __typename.endsWith("Success"))
        .map(({ __typename }) => __typename);
      const status = await settled(kit, gate.run);
      outcomes.add(status);
      switch (status) {
        case "REJECTED":
          expect(won).toEqual(["RejectStepSuccess"]);
          expect(answers.find(({ __typename }) => __typename === "ApprovalFinalError")?.decision).toEqual({
            status: "REJECTED",
            decidedBy: { name: "bob" },
          });
          expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
            "ApprovalFinalError",
            "RejectStepSuccess",
            "RunNotActiveError",
          ]);
          break;
        case "ABORTED": {
          // An approval may have come before; a rejection may not: it ends the run itself.
          expect(won.filter((name) => name !== "ApproveStepSuccess")).toEqual(["AbortRunSuccess"]);
          const { events } = await runOf(kit, gate.run);
          expect(events.approval_granted ?? 0).toBe(won.length - 1);
          expect(events).not.toHaveProperty("approval_rejected");
          break;
        }
        default:
          throw new Error(`A run that was aborted or rejected is ${status}.`);
      }
    }
    expect(outcomes).toEqual(new Set(["REJECTED", "ABORTED"]));
  });
});
