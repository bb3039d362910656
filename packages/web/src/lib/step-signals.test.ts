import { describe, expect, it, vi } from "vitest";
import { createStepSignals } from "./step-signals.ts";

describe("step signals", () => {
  it("reach the listeners of that step alone", () => {
    const signals = createStepSignals();
    const one = vi.fn();
    const two = vi.fn();
    signals.listen("s1", one);
    signals.listen("s2", two);
    signals.emit("s1");
    expect([one.mock.calls.length, two.mock.calls.length]).toEqual([1, 0]);
  });

  it("that nobody heard reach once who comes later and asks for them", () => {
    const signals = createStepSignals();
    const listeners = [vi.fn(), vi.fn(), vi.fn()] as const;
    signals.emit("s1");
    signals.emit("s1");
    signals.emit("s2");
    signals.listen("s1", listeners[0], true);
    signals.listen("s1", listeners[1], true);
    signals.listen("s2", listeners[2]);
    expect(listeners.map(({ mock }) => mock.calls.length)).toEqual([1, 0, 0]);
  });

  it("are kept for the list that is away, whoever else listens meanwhile or comes before it", () => {
    const signals = createStepSignals();
    const [grid, charts, round] = [vi.fn(), vi.fn(), vi.fn()];
    signals.listen("s1", charts);
    signals.listen("s1", grid, true)();
    signals.emit("s1");
    signals.listen("s1", round);
    signals.listen("s1", grid, true);
    expect([grid, charts, round].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 0]);
    signals.emit("s1");
    signals.listen("s1", grid, true);
    expect(grid).toHaveBeenCalledTimes(2);
  });

  it("do not reach who has left", () => {
    const signals = createStepSignals();
    const listener = vi.fn();
    const leave = signals.listen("s1", listener);
    leave();
    signals.emit("s1");
    expect(listener).not.toHaveBeenCalled();
  });
});
