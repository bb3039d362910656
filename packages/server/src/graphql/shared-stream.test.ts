import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { conflatingBuffer } from "./conflating-buffer.ts";
import { sharedStream } from "./shared-stream.ts";

/** A source that the test pushes into, and a stream over it. */
function stage() {
  const seen = { executed: 0, ended: 0, sourceClosed: 0 };
  const source = conflatingBuffer<number>({
    limit: 10_000,
    overflow: () => -1,
    onReturn: async () => {
      seen.sourceClosed += 1;
    },
  });
  const stream = sharedStream<string>({
    source,
    keyOf: (event) => (event as number) % 10,
    execute: async (event) => {
      seen.executed += 1;
      if (event === 13) throw new Error("unlucky");
      return `result ${event}`;
    },
    failed: (error) => `failed: ${(error as Error).message}`,
    tooSlow: () => "too slow",
    onEnd: () => {
      seen.ended += 1;
    },
  });
  return { seen, stream, emit: (event: number) => source.push(event, event), end: () => source.end() };
}

const take = async (values: AsyncIterator<string>): Promise<string> => (await values.next()).value;

describe("sharedStream", () => {
  it("executes each event once, whoever reads", async () => {
    const { seen, stream, emit } = stage();
    const readers = [stream.join(), stream.join(), stream.join()];
    emit(1);
    expect(await Promise.all(readers.map(take))).toEqual(["result 1", "result 1", "result 1"]);
    expect(seen.executed).toBe(1);
  });

  it("does not let a slow reader delay the others, and gives it the newest of each key", async () => {
    const { seen, stream, emit } = stage();
    const slow = stream.join();
    const quick = stream.join();
    for (const event of [1, 11, 2, 21]) {
      emit(event);
      expect(await take(quick)).toBe(`result ${event}`);
    }
    expect(await take(slow)).toBe("result 21");
    expect(await take(slow)).toBe("result 2");
    expect(seen.executed).toBe(4);
  });

  it("gives a reader its own first value, then what has come since it joined", async () => {
    const { stream, emit } = stage();
    const early = stream.join();
    emit(1);
    await take(early);
    const own = conflatingBuffer<string>({ limit: 1, overflow: () => "", onReturn: async () => {} });
    const late = stream.join(own);
    emit(2);
    own.push(0, "own");
    own.end();
    expect(await take(late)).toBe("own");
    expect(await take(late)).toBe("result 2");
  });

  it("closes its source when the last reader leaves, not before", async () => {
    const { seen, stream, emit } = stage();
    const [first, second] = [stream.join(), stream.join()];
    const waiting = first.next();
    await first.return?.();
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(seen.sourceClosed).toBe(0);
    emit(1);
    expect(await take(second)).toBe("result 1");
    await second.return?.();
    expect(seen.sourceClosed).toBe(1);
    await setImmediate();
    expect(seen.ended).toBeGreaterThan(0);
  });

  it("tells all readers when it fails, and ends", async () => {
    const { seen, stream, emit } = stage();
    const readers = [stream.join(), stream.join()];
    emit(13);
    const all = await Promise.all(readers.map((reader) => Array.fromAsync(reader)));
    expect(all).toEqual([["failed: unlucky"], ["failed: unlucky"]]);
    expect(seen.ended).toBe(1);
    expect(seen.sourceClosed).toBe(1);
  });

  it("ends its readers with its source", async () => {
    const { stream, emit, end } = stage();
    const reader = stream.join();
    emit(1);
    end();
    expect(await Array.fromAsync(reader)).toEqual(["result 1"]);
  });
});
