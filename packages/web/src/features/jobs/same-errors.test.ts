import { expect, it } from "vitest";
import { sameErrors } from "./same-errors.ts";

it("tells each error once, with those that failed for it", () => {
  const job = (id: number, error: string | null) => ({ id, error });
  const jobs = [job(1, "No paint."), job(2, "No wall."), job(3, "No paint."), job(4, null)];
  expect(sameErrors(jobs).map((group) => group.map(({ id }) => id))).toEqual([[1, 3], [2], [4]]);
  expect(sameErrors([])).toEqual([]);
});
