import { expect, it } from "vitest";
import { attemptLimit } from "./attempt-limit.ts";

it("allows a number of failures for each key, and again after a quarter of an hour", () => {
  let now = 0;
  const limit = attemptLimit(
    () => 2,
    () => now,
  );
  const tries = (key: string) => limit.begin([key]).allowed;
  expect([tries("a"), tries("a"), tries("a"), tries("b")]).toEqual([true, true, false, true]);
  now = 15 * 60_000;
  expect(tries("a")).toBe(true);
});

it("counts an attempt before it is made, and takes it back when it succeeds", () => {
  const limit = attemptLimit(() => 1);
  const first = limit.begin(["a"]);
  expect(limit.begin(["a"]).allowed).toBe(false);
  first.succeeded();
  expect(limit.begin(["a"]).allowed).toBe(true);
});

it("refuses where any of its keys has used up its number, and counts for none then", () => {
  const limit = attemptLimit((key) => (key === "few" ? 1 : 2));
  limit.begin(["few", "many"]);
  expect(limit.begin(["few", "many"]).allowed).toBe(false);
  expect(limit.begin(["many"]).allowed).toBe(true);
  expect(limit.begin(["many"]).allowed).toBe(false);
});
