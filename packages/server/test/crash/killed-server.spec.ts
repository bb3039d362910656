import { type Generator, startWorker } from "@sluice/engine";
import { brokenRunRules } from "@sluice/engine/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ProcessKit, processKit, type ServerProcess } from "../kit/server-process.ts";
import { applyPipeline, mutate, runOf, settled, waitingGate } from "../kit/waiting-gate.ts";

let kit: ProcessKit;
beforeAll(async () => {
  kit = await processKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

interface Inbox {
  readonly approvals: { edges: { node: { id: string; step: { id: string; position: number } } }[] };
}

/** The gates that wait for a person, over the API. */
async function pending(server: ServerProcess): Promise<Inbox["approvals"]["edges"][number]["node"][]> {
  const inbox = await kit.graphql<Inbox>(server, `{ approvals { edges { node { id step { id position } } } } }`);
  return inbox.approvals.edges.map(({ node }) => node);
}

it("A4: kill -9 of the server, with its worker, keeps what waits and what was decided", async () => {
  let server = await kit.server({ worker: "embedded" });
  const step = (name: string) => `{ name: ${name}, type: generate, generator: cppn, config: { size: 64 } }`;
  await applyPipeline(kit, server, "Pictures", [step("One"), step("Two")]);
  const made = kit.next("candidate_created");
  const created = mutate(kit, server, "createRun", {
    pipeline: "Pictures",
    prompt: "waves",
    maxChildrenPerNode: 6,
    defaultTopK: 2,
    reviewFirstStep: true,
  });
  const { runId: run } = await made;
  expect((await created).__typename).toBe("CreateRunSuccess");
  await server.end("SIGKILL");

  server = await kit.server({ worker: "embedded" });
  expect(await settled(kit, run)).toBe("WAITING_FOR_APPROVAL");
  const [asked, ...others] = await pending(server);
  expect(others).toEqual([]);
  await server.end("SIGKILL");

  server = await kit.server({ worker: "embedded" });
  expect(await pending(server)).toEqual([asked]);
  const approved = await mutate(kit, server, "approveStep", { stepId: asked!.step.id, topK: 2 });
  expect(approved.__typename).toBe("ApproveStepSuccess");
  await server.end("SIGKILL");

  server = await kit.server({ worker: "embedded" });
  const again = await mutate(kit, server, "approveStep", { stepId: asked!.step.id, topK: 6 });
  expect(again.__typename).toBe("ApprovalFinalError");
  expect(await settled(kit, run)).toBe("WAITING_FOR_APPROVAL");
  const [last] = await pending(server);
  expect(last!.step.position).toBe(2);
  await mutate(kit, server, "approveStep", { stepId: last!.step.id });
  expect((await runOf(kit, run)).events).toMatchObject({ candidate_created: 18, approval_granted: 2, gate_opened: 2 });
  expect(await settled(kit, run)).toBe("COMPLETED");
  expect(await brokenRunRules(kit.db)).toEqual([]);
  expect(await server.end("SIGTERM")).toBe(0);
});

it("A3, A4: a comment that was given before the server was killed reaches the next step", async () => {
  let server = await kit.server();
  await applyPipeline(kit, server, "Text", [
    "{ name: Draft, type: generate, generator: grammar }",
    "{ name: Refine, type: generate, generator: grammar }",
  ]);
  const told: (readonly string[])[] = [];
  const writer: Generator = {
    name: "grammar",
    media: "text",
    checkConfig: () => undefined,
    generate: async ({ parent, notes, ordinal }) => {
      if (parent) told.push(notes);
      return { assets: [], text: `text ${ordinal}`, meta: {} };
    },
  };
  await using _worker = await startWorker({
    engine: kit.engine,
    generators: [writer],
    assets: {
      put: () => Promise.reject(new Error("No assets.")),
      read: () => Promise.reject(new Error("No assets.")),
      discard: () => Promise.reject(new Error("No assets.")),
    },
    concurrency: 2,
    onError: () => {},
  });
  const gate = await waitingGate(kit, server, 2);
  const answer = mutate(kit, server, "approveStep", { stepId: gate.stepId, topK: 1, comment: "Warmer, please." });
  expect((await answer).__typename).toBe("ApproveStepSuccess");
  await server.end("SIGKILL");
  server = await kit.server();
  expect(await settled(kit, gate.run)).toBe("WAITING_FOR_APPROVAL");
  expect(told).toEqual([["Warmer, please."], ["Warmer, please."]]);
  expect(await brokenRunRules(kit.db)).toEqual([]);
});
