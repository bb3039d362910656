import { expect, it } from "vitest";
import { attemptDelay } from "./attempt-delay.ts";

function delayAt() {
  const clock = { ms: 1_000_000 };
  return { clock, delay: attemptDelay(() => clock.ms) };
}

it("lets ten wrong attempts pass, and makes each further one wait longer, up to a minute", () => {
  const { clock, delay } = delayAt();
  const waits = Array.from({ length: 10 }, () => delay.begin("a").waitSeconds);
  expect(waits).toEqual(Array(10).fill(0));
  for (const seconds of [10, 20, 40, 60, 60]) {
    expect(delay.begin("a").waitSeconds).toBe(seconds);
    clock.ms += seconds * 1_000 - 1;
    expect(delay.begin("a").waitSeconds).toBe(1);
    clock.ms += 1;
    expect(delay.begin("a").waitSeconds).toBe(0);
  }
});

it("counts what is asked for at once, and not what has to wait", () => {
  const { clock, delay } = delayAt();
  const waits = Array.from({ length: 50 }, () => delay.begin("a").waitSeconds);
  expect(waits.filter((seconds) => seconds === 0)).toHaveLength(10);
  clock.ms += 10_000;
  expect(delay.begin("a").waitSeconds).toBe(0);
});

it("keeps no key waiting for another's attempts", () => {
  const { delay } = delayAt();
  for (let time = 0; time < 50; time++) delay.begin("a");
  expect(delay.begin("b").waitSeconds).toBe(0);
});

it("forgets what was wrong after success, and after a quarter of an hour", () => {
  const { clock, delay } = delayAt();
  for (let time = 0; time < 9; time++) delay.begin("a");
  delay.begin("a").succeeded();
  expect(delay.begin("a").waitSeconds).toBe(0);
  for (let time = 0; time < 20; time++) delay.begin("a");
  expect(delay.begin("a").waitSeconds).toBeGreaterThan(0);
  clock.ms += 15 * 60_000;
  expect(Array.from({ length: 10 }, () => delay.begin("a").waitSeconds)).toEqual(Array(10).fill(0));
});
