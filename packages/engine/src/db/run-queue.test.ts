import { expect, it } from "vitest";
import { RunBusyError } from "./outage.ts";
import { runQueue } from "./run-queue.ts";

it("begins what is asked about one run one after another, in the order it came", async () => {
  const queue = runQueue();
  const begun: number[] = [];
  const ends = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  const all = ends.map((end, index) =>
    queue(1, async () => {
      begun.push(index);
      await end.promise;
      return index;
    }),
  );
  const other = await queue(2, async () => "another run");
  expect([other, begun]).toEqual(["another run", [0]]);
  ends[0]?.resolve();
  await all[0];
  await queue(2, async () => undefined);
  expect(begun).toEqual([0, 1]);
  for (const end of ends) end.resolve();
  expect(await Promise.all(all)).toEqual([0, 1, 2]);
  expect(await queue(1, async () => "free again")).toBe("free again");
});

it("hands the turn on when work fails", async () => {
  const queue = runQueue();
  const failed = Array.from({ length: 3 }, () => queue(1, () => Promise.reject(new Error("no"))));
  expect((await Promise.allSettled(failed)).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(await queue(1, async () => "done")).toBe("done");
});

it("refuses whoever waits too long, and nobody waits for one that has left", async () => {
  const queue = runQueue(1);
  const end = Promise.withResolvers<string>();
  const holding = queue(1, () => end.promise);
  await expect(queue(1, async () => "never")).rejects.toThrow(RunBusyError);
  end.resolve("done");
  expect(await holding).toBe("done");
  expect(await queue(1, async () => "free again")).toBe("free again");
});
