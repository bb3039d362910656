import { expect } from "vitest";
import { type DoomedServer, doomedServer, type StopPoint } from "./doomed-server.ts";
import type { ProcessKit, ServerProcess } from "./server-process.ts";
import { type Answer, mutate, type WaitingGate, waitingGate } from "./waiting-gate.ts";

/** A decision that is walked through: its server is killed before each of its writes. */
export interface WalkedDecision {
  /** Of whose runs the first gate is decided. */
  readonly pipeline: string;
  /** What comes before, such as what somebody else decides. */
  before?(gate: WaitingGate): Promise<unknown>;
  /** What is sent, first to the server that is killed, then to the one that lives. */
  decide(server: ServerProcess, gate: WaitingGate): Promise<Answer>;
  /** What there is to be seen of the request when the decision stands. */
  readonly stands: Partial<Request>;
  /** What the second server answers then. */
  readonly again: string;
  /** What becomes of the run, once it was decided: exactly once, by either. */
  check(gate: WaitingGate): Promise<void>;
}

/** A request for a decision, as a server shows it. */
export interface Request {
  /** It is in the list of what waits. */
  readonly waits: boolean;
  readonly status: string;
  readonly comment: string | null;
  readonly signOffs: readonly string[];
}

interface Stopped {
  readonly gate: WaitingGate;
  readonly approvalId: string;
  readonly before: Request;
  readonly point: StopPoint;
}

export interface DecisionWalk extends AsyncDisposable {
  /**
   * Kills a server before each write of the decision, and after its commit; ends when a decision comes through.
   *
   * @returns how many writes there were, the commit among them
   */
  walk(walked: WalkedDecision): Promise<number>;
}

/** A server's pool has more connections; each stopped decision keeps one. */
const STOPPED_AT_ONCE = 12;

/** @param survivor the server that lives, on the same database */
export function decisionWalk(kit: ProcessKit, survivor: ServerProcess): DecisionWalk {
  /** Servers to be killed, started ahead: the next one starts while one is used. */
  const ahead: Promise<DoomedServer>[] = [];
  const startAhead = (): void => {
    const server = doomedServer(kit);
    server.catch(() => {});
    ahead.push(server);
  };
  startAhead();

  const requestOf = async (approvalId: string): Promise<Request> => {
    const { node, approvals } = await kit.graphql<{
      node: Omit<Request, "signOffs" | "waits"> & { signOffs: { actor: { name: string } }[] };
      approvals: { edges: { node: { id: string } }[] };
    }>(
      survivor,
      `query ($id: ID!) {
         node(id: $id) { ... on Approval { status comment signOffs { actor { name } } } }
         approvals(first: 100) { edges { node { id } } } }`,
      { id: approvalId },
    );
    const waits = approvals.edges.some((edge) => edge.node.id === approvalId);
    return { ...node, signOffs: node.signOffs.map(({ actor }) => actor.name), waits };
  };

  /** Either nothing is decided, and the same request waits as before; or the decision stands, and is not made twice. */
  const carryOn = async (walked: WalkedDecision, { gate, approvalId, before, point }: Stopped): Promise<void> => {
    const at = `stopped ${point === "committed" ? "after the commit" : `before write ${point.write}`}`;
    const now = await requestOf(approvalId);
    const answer = await walked.decide(survivor, gate);
    if (point === "committed") {
      expect(now, at).toMatchObject(walked.stands);
      expect(answer.__typename, at).toBe(walked.again);
    } else {
      expect(now, at).toEqual(before);
      expect(answer.__typename, `${at}: ${answer.message}`).toMatch(/Success$/);
    }
  };

  return {
    async walk(walked) {
      const all: Stopped[] = [];
      const gates: WaitingGate[] = [];
      let next = 1;
      let through = false;
      while (!through) {
        startAhead();
        await using doomed = (await ahead.shift()) as DoomedServer;
        // Before anything is stopped: nobody hears of later events while an open transaction may still add earlier ones.
        const missing = Array.from({ length: STOPPED_AT_ONCE + 1 - gates.length });
        const fresh = missing.map(async () => {
          const gate = await waitingGate(kit, survivor, 2, walked.pipeline);
          await walked.before?.(gate);
          return gate;
        });
        gates.push(...(await Promise.all(fresh)));
        const stopped: Stopped[] = [];
        const stop = async (point: StopPoint): Promise<boolean> => {
          const gate = gates.shift() as WaitingGate;
          const approvalId = await approvalIdOf(kit, survivor, gate);
          const before = await requestOf(approvalId);
          const answer = await doomed.stop(gate.run, point, () => walked.decide(doomed.server, gate));
          stopped.push({ gate, approvalId, before, point: answer === "stopped" ? point : "committed" });
          return answer === "stopped";
        };
        while (stopped.length < STOPPED_AT_ONCE && !doomed.keepsOthersWaiting && !through) {
          through = !(await stop({ write: next++ }));
        }
        if (through) await stop("committed");
        await doomed.kill();
        for (const each of stopped) await carryOn(walked, each);
        all.push(...stopped);
      }
      for (const { gate } of all) await walked.check(gate);
      // What waits yet would make the lists of later walks longer than a page.
      for (const { runId } of [...gates, ...all.map(({ gate }) => gate)]) {
        await mutate(kit, survivor, "abortRun", { runId });
      }
      return next - 2;
    },
    async [Symbol.asyncDispose]() {
      for (const server of ahead) await (await server)[Symbol.asyncDispose]();
    },
  };
}

async function approvalIdOf(kit: ProcessKit, server: ServerProcess, { stepId }: WaitingGate): Promise<string> {
  const { node } = await kit.graphql<{ node: { pendingApproval: { id: string } } }>(
    server,
    `query ($id: ID!) { node(id: $id) { ... on RunStep { pendingApproval { id } } } }`,
    { id: stepId },
  );
  return node.pendingApproval.id;
}
