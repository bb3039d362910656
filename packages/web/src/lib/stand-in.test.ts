import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createConnectionStore } from "./connection-state.ts";
import { createStandIn } from "./stand-in.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const store = createConnectionStore();
  const world = { reachable: true, hidden: false };
  const standIn = createStandIn({
    store,
    reachable: async () => world.reachable,
    hidden: () => world.hidden,
    everyMs: 4_000,
    afterFailures: 3,
  });
  const fail = async (times: number) => {
    for (let time = 0; time < times; time++) standIn.failed();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { store, world, standIn, fail };
}

describe("what stands in for the live connection", () => {
  it("steps in after failures in a row, and has what is shown read again every few seconds", async () => {
    const { store, fail } = setUp();
    await fail(2);
    expect([store.state(), store.catchUps()]).toEqual(["reconnecting", 0]);
    await fail(1);
    expect([store.state(), store.catchUps()]).toEqual(["polling", 1]);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(store.catchUps()).toBe(3);
  });

  it("goes on once, however often the connection fails", async () => {
    const { store, fail } = setUp();
    await fail(3);
    await fail(5);
    await vi.advanceTimersByTimeAsync(4_000);
    expect([store.state(), store.catchUps()]).toEqual(["polling", 2]);
  });

  it("asks for nothing while the server cannot be reached, and goes on when it can", async () => {
    const { store, world, fail } = setUp();
    world.reachable = false;
    await fail(3);
    await vi.advanceTimersByTimeAsync(8_000);
    expect([store.state(), store.catchUps()]).toEqual(["reconnecting", 0]);
    world.reachable = true;
    await vi.advanceTimersByTimeAsync(4_000);
    expect([store.state(), store.catchUps()]).toEqual(["polling", 1]);
  });

  it("rests while nobody looks, and looks at once when somebody does", async () => {
    const { store, world, standIn, fail } = setUp();
    world.hidden = true;
    await fail(3);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(store.catchUps()).toBe(0);
    world.hidden = false;
    standIn.lookNow();
    await vi.advanceTimersByTimeAsync(0);
    expect([store.state(), store.catchUps()]).toEqual(["polling", 1]);
  });

  it("leaves when the connection is there, with one last catch-up", async () => {
    const { store, standIn, fail } = setUp();
    await fail(3);
    standIn.stop();
    store.set("open");
    await vi.advanceTimersByTimeAsync(20_000);
    expect([store.state(), store.catchUps()]).toEqual(["open", 2]);
    await fail(2);
    expect(store.state()).toBe("reconnecting");
  });
});
