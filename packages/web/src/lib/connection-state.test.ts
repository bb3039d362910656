import { describe, expect, it, vi } from "vitest";
import { createConnectionStore } from "./connection-state.ts";

describe("connection store", () => {
  it("does not count the first connection as a reconnect", () => {
    const store = createConnectionStore();
    store.set("connecting");
    store.set("open");
    expect(store.catchUps()).toBe(0);
    expect(store.connects()).toBe(1);
  });

  it("counts each time the connection comes back", () => {
    const store = createConnectionStore();
    for (const state of ["open", "reconnecting", "open", "reconnecting", "open"] as const) store.set(state);
    expect(store.catchUps()).toBe(2);
    expect(store.connects()).toBe(3);
  });

  it("tells listeners about changes only, and not after they left", () => {
    const store = createConnectionStore();
    const listener = vi.fn();
    const leave = store.subscribe(listener);
    store.set("open");
    store.set("open");
    leave();
    store.set("reconnecting");
    expect(listener).toHaveBeenCalledTimes(1);
  });
});
