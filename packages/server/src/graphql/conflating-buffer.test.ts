import { describe, expect, it } from "vitest";
import { conflatingBuffer } from "./conflating-buffer.ts";

function buffer(limit = 3) {
  const left: string[] = [];
  const values = conflatingBuffer<string>({
    limit,
    overflow: () => "too slow",
    onReturn: async () => void left.push("left"),
  });
  return { values, left };
}

const done = { value: undefined, done: true };

describe("conflatingBuffer", () => {
  it("gives what it is given, in order", async () => {
    const { values } = buffer();
    values.push("a", "a1");
    values.push("b", "b1");
    expect(await values.next()).toEqual({ value: "a1", done: false });
    expect(await values.next()).toEqual({ value: "b1", done: false });
    const waiting = values.next();
    values.push("a", "a2");
    expect(await waiting).toEqual({ value: "a2", done: false });
  });

  it("keeps the newest of each key, at the place of the first", async () => {
    const { values } = buffer();
    for (const [key, value] of [
      ["a", "a1"],
      ["b", "b1"],
      ["a", "a2"],
      ["a", "a3"],
    ] as const)
      values.push(key, value);
    values.end();
    expect(await Array.fromAsync(values)).toEqual(["a3", "b1"]);
  });

  it("ends with a word to a reader that is too far behind, and keeps nothing for it", async () => {
    const { values } = buffer(2);
    for (const key of ["a", "b", "c", "d"]) values.push(key, key);
    expect(await Array.fromAsync(values)).toEqual(["too slow"]);
  });

  it("answers everybody who waits when it ends", async () => {
    const { values } = buffer();
    const waiting = [values.next(), values.next()];
    values.end("last");
    expect(await Promise.all(waiting)).toEqual([{ value: "last", done: false }, done]);
  });

  it("settles a pending next() when its reader returns, and forgets what was not taken", async () => {
    const { values, left } = buffer();
    const waiting = values.next();
    expect(await values.return?.()).toEqual(done);
    expect(await waiting).toEqual(done);
    values.push("a", "a1");
    expect(await values.next()).toEqual(done);
    expect(left).toEqual(["left"]);
  });
});
