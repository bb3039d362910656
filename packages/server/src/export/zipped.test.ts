import { expect, it } from "vitest";
import { type ZippedFile, zipped } from "./zipped.ts";

/** Endless files, and whether their generator has ended. */
function files(): { readonly all: AsyncGenerator<ZippedFile, void>; readonly state: { made: number; ended: boolean } } {
  const state = { made: 0, ended: false };
  async function* make(): AsyncGenerator<ZippedFile, void> {
    try {
      for (;;) {
        state.made += 1;
        yield { name: `${state.made}.txt`, lastModified: new Date(0), input: "text" };
      }
    } finally {
      state.ended = true;
    }
  }
  return { all: make(), state };
}

it("makes no more files than are read, and ends their generator when the reader leaves", async () => {
  const { all, state } = files();
  const archive = zipped(all);
  for (let chunk = 0; chunk < 10; chunk++) expect((await archive.next()).done).toBe(false);
  expect(state.made).toBeLessThan(10);
  await archive.return();
  expect(state.ended).toBe(true);
});

it("fails with the error of a file that cannot be had", async () => {
  async function* broken(): AsyncGenerator<ZippedFile, void> {
    yield { name: "a.txt", lastModified: new Date(0), input: "text" };
    throw new Error("The disk is gone.");
  }
  const read = async (): Promise<void> => {
    for await (const _ of zipped(broken()));
  };
  await expect(read()).rejects.toThrow("The disk is gone.");
});
