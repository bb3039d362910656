import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type TwoServers, twoServers, untilHeard } from "../kit/two-servers.ts";
import { applyTextPipeline, mutate, settled, waitingGate } from "../kit/waiting-gate.ts";

let kit: TwoServers;
beforeAll(async () => {
  kit = await twoServers();
  await applyTextPipeline(kit, kit.servers[0]);
});
afterAll(() => kit[Symbol.asyncDispose]());
afterEach(async () => {
  expect(await brokenRunRules(kit.db)).toEqual([]);
});

interface Batch {
  readonly runEvents: {
    readonly cursor: string;
    readonly events: readonly { readonly seq: number; readonly type: string }[];
  };
}

const EVENTS = `subscription ($run: ID!, $after: String) { runEvents(runId: $run, after: $after) {
  cursor events { seq type } } }`;

describe("what somebody looks at while others decide", { timeout: 120_000 }, () => {
  it("F11: a decision is heard of on the other server, where the gate is not offered any more", async () => {
    const gate = await waitingGate(kit, kit.servers[0], 2);
    await using other = await kit.follow<{
      approvalChanged: { status: string; mayDecide: boolean; decidedBy: { name: string } | null; step: { id: string } };
    }>(
      kit.servers[1],
      `subscription { approvalChanged { status mayDecide decidedBy { name } step { id } } }`,
      {},
      "bob",
    );
    await untilHeard(other, () => waitingGate(kit, kit.servers[0], 2));
    const heard = other.until(
      ({ approvalChanged: { status, step } }) => status === "APPROVED" && step.id === gate.stepId,
    );
    const approved = await mutate(kit, kit.servers[0], "approveStep", { stepId: gate.stepId, topK: 1 }, "ada");
    expect(approved.__typename).toBe("ApproveStepSuccess");
    expect((await heard).at(-1)?.approvalChanged).toEqual({
      status: "APPROVED",
      mayDecide: false,
      decidedBy: { name: "ada" },
      step: { id: gate.stepId },
    });
    expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
    expect((await mutate(kit, kit.servers[1], "rejectStep", { stepId: gate.stepId }, "bob")).__typename).toBe(
      "ApprovalFinalError",
    );
  });

  it("F11: a connection that drops during a decision takes up again on the other server: nothing missed, nothing twice", async () => {
    const gate = await waitingGate(kit, kit.servers[0], 2);
    const seen: Batch["runEvents"]["events"][number][] = [];
    let cursor: string | null = null;
    const read = async (index: number, until: (type: string) => boolean): Promise<void> => {
      const reader = await kit.follow<Batch>(kit.either(index), EVENTS, { run: gate.runId, after: cursor ?? "0" });
      const batches = await reader.until(({ runEvents }) => runEvents.events.some(({ type }) => until(type)));
      for (const { runEvents } of batches) {
        seen.push(...runEvents.events);
        cursor = runEvents.cursor;
      }
      await reader.cut();
    };
    await read(0, (type) => type === "approval_requested");
    // Nobody listens while it is decided and carried on.
    const approved = await mutate(kit, kit.servers[0], "approveStep", { stepId: gate.stepId, topK: 1 });
    expect(approved.__typename).toBe("ApproveStepSuccess");
    await read(1, (type) => type === "approval_granted");
    expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
    // It may have come with the last batch already.
    const requests = seen.filter(({ type }) => type === "approval_requested");
    if (requests.length < 2) await read(0, (type) => type === "approval_requested");

    const { eventSeq } = await kit.db.one<{ eventSeq: number }>(
      `SELECT event_seq AS "eventSeq" FROM pipeline_runs WHERE id = $1`,
      [gate.run],
    );
    expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: eventSeq }, (_, index) => index + 1));
    // On the way from one gate to the next a run is never shown as anything but at work or waiting.
    const shown = await kit.db.many<{ status: string }>(
      `SELECT data->>'status' AS status FROM run_events WHERE pipeline_run_id = $1 AND type = 'run_status_changed'`,
      [gate.run],
    );
    const statuses = shown.map(({ status }) => status);
    expect(statuses.filter((status) => status !== "RUNNING" && status !== "WAITING_FOR_APPROVAL")).toEqual([]);
    expect(statuses.length).toBeGreaterThan(0);
  });

  it("F11: the count of what waits is that of the list, with every filter, on every server, page by page", async () => {
    const gates = await Promise.all(Array.from({ length: 5 }, () => waitingGate(kit, kit.servers[0], 2)));
    const filters = ["", "mineToDecide: true", "stalledOnly: true", 'pipeline: "Text"', "includeAll: true"];
    const check = async (): Promise<number[]> => {
      const totals: number[] = [];
      for (const [index, filter] of filters.entries()) {
        const ids = new Set<string>();
        let after: string | null = null;
        let total: number;
        do {
          const { approvals }: { approvals: Page } = await kit.graphql(
            kit.either(index),
            `query ($after: String) { approvals(${filter} first: 2, after: $after) {
               totalCount pageInfo { hasNextPage endCursor } edges { node { id } } } }`,
            { after },
          );
          for (const { node } of approvals.edges) ids.add(node.id);
          total = approvals.totalCount;
          after = approvals.pageInfo.hasNextPage ? approvals.pageInfo.endCursor : null;
        } while (after !== null);
        expect(ids.size, filter).toBe(total);
        totals.push(total);
      }
      return totals;
    };
    const [waiting] = await check();
    expect(waiting).toBeGreaterThanOrEqual(5);
    expect((await mutate(kit, kit.servers[1], "rejectStep", { stepId: gates[0]!.stepId })).__typename).toBe(
      "RejectStepSuccess",
    );
    expect((await mutate(kit, kit.servers[0], "abortRun", { runId: gates[1]!.runId })).__typename).toBe(
      "AbortRunSuccess",
    );
    expect((await check())[0]).toBe((waiting ?? 0) - 2);
  });
});

interface Page {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly edges: readonly { readonly node: { readonly id: string } }[];
}
