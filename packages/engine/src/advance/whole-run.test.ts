import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EngineKit, engineKit } from "../testing/engine-kit.ts";

let kit: EngineKit;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
});
afterAll(() => kit[Symbol.asyncDispose]());

describe("a whole run", () => {
  it("13.1 Full flow: create, vote, approve each step in turn, until COMPLETED", async () => {
    const runId = await kit.newRun([{}, {}, {}], { reviewFirstStep: true, maxChildrenPerNode: 3, defaultTopK: 2 });
    for (const position of [1, 2, 3]) {
      await kit.untilStep(runId, position, "AWAITING_APPROVAL");
      expect(await kit.candidates(runId, position)).toHaveLength(position === 1 ? 3 : 6);
      const [first, second] = await kit.candidates(runId, position);
      await kit.engine.castVote(kit.actor, { leftId: first!.id, rightId: second!.id, outcome: "RIGHT" });
      await kit.approve(runId, position);
      const advancing = (await kit.candidates(runId, position)).filter(
        ({ advancement }) => advancement === "ADVANCING",
      );
      expect(advancing).toHaveLength(2);
      expect(advancing.map(({ id }) => id)).toContain(second!.id);
    }
    expect(await kit.status(runId)).toBe("COMPLETED");
  });
});
