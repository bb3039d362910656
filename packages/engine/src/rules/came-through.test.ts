import { expect, it } from "vitest";
import { cameThrough } from "./came-through.ts";

const at = (second: number) => new Date(second * 1_000);
/** From the best to the worst; those with a second were rejected then. */
const candidates = (...rejected: (number | null)[]) =>
  rejected.map((second, place) => ({
    id: place + 1,
    elo: 1_100 - place,
    voteCount: 1,
    createdAt: at(0),
    rejectedAt: second === null ? null : at(second),
  }));
const ids = (rows: readonly { id: number }[]) => rows.map(({ id }) => id);

it("G3: gates cut one after the other; one without K lets everything through", () => {
  const all = candidates(null, null, null, null);
  expect(ids(cameThrough(all, []))).toEqual([1, 2, 3, 4]);
  expect(ids(cameThrough(all, [{ k: null, at: at(1) }]))).toEqual([1, 2, 3, 4]);
  const gates = [
    { k: 3, at: at(1) },
    { k: 2, at: at(2) },
  ];
  expect(ids(cameThrough(all, gates))).toEqual([1, 2]);
});

it("G13: nothing takes the place of what was rejected after the gate opened, and something does before", () => {
  expect(ids(cameThrough(candidates(null, 5, null), [{ k: 2, at: at(1) }]))).toEqual([1]);
  expect(ids(cameThrough(candidates(null, 5, null), [{ k: 2, at: at(9) }]))).toEqual([1, 3]);
});

it("G13: of two gates, each goes by what was there when it opened", () => {
  const gates = [
    { k: 3, at: at(1) },
    { k: 2, at: at(9) },
  ];
  expect(ids(cameThrough(candidates(5, null, null, null), gates))).toEqual([2, 3]);
});
