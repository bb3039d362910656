import { describe, expect, it } from "vitest";
import { type CastAnswer, createOutbox, type OutboxEvent, type OutVote, type Stored } from "./outbox.ts";
import type { PairLike } from "./session.ts";

const vote = (voteKey: string): OutVote<PairLike> => ({
  voteKey,
  pair: { leftId: `${voteKey}-left`, rightId: `${voteKey}-right` },
  outcome: "LEFT",
});

/** A server that answers when told to; each call waits for its turn in `answers`. */
function setup(from: Stored<PairLike> = { waiting: [], arrived: [] }) {
  const calls: string[] = [];
  const events: OutboxEvent<PairLike>[] = [];
  const unheard: string[] = [];
  let stored = from;
  let answer: ((answer: CastAnswer) => void) | undefined;
  let back: (() => void) | undefined;
  const outbox = createOutbox<PairLike>({
    cast: ({ voteKey }) => {
      calls.push(`cast ${voteKey}`);
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
    takeBack: async (voteId) => {
      calls.push(`take back ${voteId}`);
      return { kind: "taken-back" };
    },
    untilReachable: () =>
      new Promise((resolve) => {
        back = resolve;
      }),
    load: () => stored,
    save: (next) => {
      stored = next;
    },
    onUnheard: (words) => void unheard.push(words),
  });
  const leave = outbox.listen((event) => void (event.type !== "changed" && events.push(event)));
  const settle = async (act: () => void) => {
    act();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return {
    outbox,
    calls,
    events,
    leave,
    unheard,
    stored: () => stored,
    answer: (value: CastAnswer) => settle(() => answer?.(value)),
    come: () => settle(() => back?.()),
  };
}

const arrives = (voteId: string): CastAnswer => ({ kind: "cast", voteId });
const closed: CastAnswer = { kind: "refused", words: "Step 1 is decided.", showAgain: true, over: true };

describe("the votes on their way", () => {
  it("are sent in order, one after the other", async () => {
    const { outbox, calls, answer } = setup();
    for (const key of ["a", "b", "c"]) outbox.add(vote(key));
    expect(calls).toEqual(["cast a"]);
    await answer(arrives("1"));
    await answer(arrives("2"));
    await answer(arrives("3"));
    expect(calls).toEqual(["cast a", "cast b", "cast c"]);
    expect(outbox.state()).toEqual({ waiting: 0, reachable: true });
  });

  it("V3: undo of a vote that was not sent sends nothing; one in flight is taken back when it has arrived", async () => {
    const { outbox, calls, answer, stored } = setup();
    outbox.add(vote("a"));
    outbox.add(vote("b"));
    outbox.undo("b");
    outbox.undo("a");
    expect(calls).toEqual(["cast a"]);
    await answer(arrives("1"));
    expect(calls).toEqual(["cast a", "take back 1"]);
    expect(stored()).toEqual({ waiting: [], arrived: [] });
  });

  it("V3: undo of a vote in flight that is refused takes nothing back", async () => {
    const { outbox, calls, answer } = setup();
    outbox.add(vote("a"));
    outbox.undo("a");
    await answer({ kind: "refused", words: "No.", showAgain: true, over: false });
    expect(calls).toEqual(["cast a"]);
    expect(outbox.state().waiting).toBe(0);
  });

  it("wait while the server cannot be reached, are stored meanwhile, and known when they had arrived after all", async () => {
    const { outbox, calls, events, answer, come, stored } = setup();
    outbox.add(vote("a"));
    outbox.add(vote("b"));
    await answer({ kind: "unreachable" });
    expect(outbox.state()).toEqual({ waiting: 2, reachable: false });
    expect(stored().waiting.map(({ voteKey }) => voteKey)).toEqual(["a", "b"]);
    await come();
    await answer({ kind: "judged", voteId: "0", words: undefined });
    await answer(arrives("2"));
    expect(calls).toEqual(["cast a", "cast a", "cast b"]);
    expect(events).toEqual([]);
    expect(stored()).toMatchObject({ waiting: [], arrived: [{ voteId: "0" }, { voteId: "2" }] });
  });

  it("are sent again after a reload, and those that had arrived can be undone", async () => {
    const { outbox, calls, answer } = setup({ waiting: [vote("b")], arrived: [{ ...vote("a"), voteId: "1" }] });
    expect(outbox.past().map(({ voteKey }) => voteKey)).toEqual(["a", "b"]);
    await answer(arrives("2"));
    outbox.undo("a");
    await answer(arrives("none"));
    expect(calls).toEqual(["cast b", "take back 1"]);
  });

  it("V3: are taken back after a reload where that had not arrived, before the pair is judged anew", async () => {
    const before = setup();
    before.outbox.add(vote("a"));
    await before.answer({ kind: "unreachable" });
    before.outbox.undo("a");
    before.outbox.add({ ...vote("b"), pair: vote("a").pair });
    const { outbox, calls, answer, stored } = setup(before.stored());
    expect(outbox.past().map(({ voteKey }) => voteKey)).toEqual(["b"]);
    await answer(arrives("1"));
    await answer(arrives("2"));
    expect(calls).toEqual(["cast a", "take back 1", "cast b"]);
    expect(stored()).toEqual({ waiting: [], arrived: [{ ...vote("b"), pair: vote("a").pair, voteId: "2" }] });
  });

  it("tell what was refused; where no vote counts any more, those after it are dropped and counted", async () => {
    const { outbox, calls, events, answer } = setup();
    for (const key of ["a", "b", "c"]) outbox.add(vote(key));
    await answer(closed);
    expect(calls).toEqual(["cast a"]);
    expect(events).toEqual([
      {
        type: "refused",
        vote: vote("a"),
        words: "Step 1 is decided. The 2 votes after it were not sent.",
        showAgain: true,
      },
    ]);
    expect(outbox.state().waiting).toBe(0);
  });

  it("are told elsewhere when the page was left", async () => {
    const { outbox, unheard, leave, answer } = setup();
    outbox.add(vote("a"));
    leave();
    await answer(closed);
    expect(unheard).toEqual(["Step 1 is decided."]);
  });

  it("on a pair that another window judged otherwise are told so, and taken back where that one is", async () => {
    const { outbox, events, calls, answer } = setup();
    outbox.add(vote("a"));
    await answer({ kind: "judged", voteId: "0", words: "The right one is better." });
    expect(events).toMatchObject([{ type: "other-stands", words: "The right one is better." }]);
    outbox.undo("a");
    expect(calls).toEqual(["cast a", "take back 0"]);
  });
});
