import { expect, it } from "vitest";
import { signInTurns } from "./sign-in-turns.ts";

it("lets a few through at a time, turns away who would wait behind too many, and gives places back", async () => {
  const turns = signInTurns({ atOnce: 1, inAll: 3, ofOne: 2 });
  const done = Promise.withResolvers<string>();
  const begun: string[] = [];
  const work = (name: string) => async () => {
    begun.push(name);
    return await done.promise;
  };
  const taken = [turns.take("eve", work("first")), turns.take("eve", work("second"))];
  expect(turns.take("eve", work("one too many of hers"))).toBeNull();
  taken.push(turns.take("ada", work("third")));
  expect(turns.take("grace", work("one too many of all"))).toBeNull();
  expect(turns.take(null, work("one too many of all"))).toBeNull();
  await Promise.resolve();
  expect(begun).toEqual(["first"]);

  done.resolve("done");
  expect(await Promise.all(taken)).toEqual(["done", "done", "done"]);
  expect(begun).toEqual(["first", "second", "third"]);
  expect(await turns.take("eve", work("again"))).toBe("done");
});

it("gives the place back of what fails", async () => {
  const turns = signInTurns({ atOnce: 1, inAll: 1, ofOne: 1 });
  for (let time = 0; time < 2; time++) {
    await expect(turns.take("eve", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  }
});
