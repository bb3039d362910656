import { describe, expect, it } from "vitest";
import { type ChainPage, type ChainState, createPageChain } from "./page-chain.ts";

interface Node {
  readonly id: string;
}

/** A chain whose pages are answered by hand. */
function chainKit() {
  const asked = new Map<string | null, (page: ChainPage<Node>) => void>();
  const stopped: (string | null)[] = [];
  const states: ChainState<Node>[] = [];
  const chain = createPageChain<Node>({
    follow(after, onPage) {
      asked.set(after, onPage);
      return () => void stopped.push(after);
    },
    onState: (state) => void states.push(state),
    idOf: ({ id }) => id,
  });
  return {
    chain,
    stopped,
    asked: () => [...asked.keys()],
    shown: () =>
      states
        .at(-1)
        ?.nodes.map(({ id }) => id)
        .join(""),
    complete: () => states.at(-1)?.complete,
    answer(after: string | null, ids: string, more = true, stale = false) {
      const nodes = [...ids].map((id) => ({ id }));
      asked.get(after)?.({ nodes, total: 6, endCursor: ids.at(-1) ?? null, hasNextPage: more, stale });
    },
  };
}

describe("a chain of pages", () => {
  it("reads on only as far as is wanted", () => {
    const kit = chainKit();
    kit.answer(null, "ab");
    expect(kit.asked()).toEqual([null]);
    kit.chain.want(5);
    kit.answer("b", "cd");
    kit.answer("d", "ef", false);
    expect(kit.asked()).toEqual([null, "b", "d"]);
    expect([kit.shown(), kit.complete()]).toEqual(["abcdef", true]);
  });

  it("does not follow the end of a page that is only remembered", () => {
    const kit = chainKit();
    kit.chain.want(4);
    kit.answer(null, "ab", true, true);
    expect(kit.asked()).toEqual([null]);
    kit.answer(null, "ac");
    expect(kit.asked()).toEqual([null, "c"]);
  });

  it("forgets what followed a page that ends elsewhere now", () => {
    const kit = chainKit();
    kit.chain.want(4);
    kit.answer(null, "ab");
    kit.answer("b", "cd");
    kit.answer(null, "ax");
    expect(kit.stopped).toEqual(["b"]);
    kit.answer("x", "by");
    expect(kit.shown()).toBe("axby");
  });

  it("shows a node once, and nothing after it was closed", () => {
    const kit = chainKit();
    kit.chain.want(4);
    kit.answer(null, "ab");
    kit.answer("b", "bc", false);
    expect(kit.shown()).toBe("abc");
    kit.chain.close();
    kit.answer(null, "zz");
    expect([kit.shown(), kit.stopped]).toEqual(["abc", [null, "b"]]);
  });
});
