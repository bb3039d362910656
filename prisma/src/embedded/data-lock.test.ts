import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { lockHolder, lockPlace } from "./data-lock.ts";

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it("is held by one at a time, and free again when let go", () => {
  const folder = place();
  const lock = lockPlace(folder);
  expect(lockHolder(folder)).toBe(process.pid);
  expect(() => lockPlace(folder)).toThrow("already running");
  lock[Symbol.dispose]();
  expect(lockHolder(folder)).toBeUndefined();
  lockPlace(folder)[Symbol.dispose]();
});

it.each([
  ["whose process is gone", JSON.stringify({ pid: 2 ** 22 - 1, start: "x" })],
  ["whose pid belongs to another process by now", JSON.stringify({ pid: process.pid, start: "an earlier start" })],
  ["that is not readable", "{"],
])("a lock %s means nothing", (_, content) => {
  const folder = place();
  writeFileSync(join(folder, "sluice.lock"), content);
  expect(lockHolder(folder)).toBeUndefined();
  using _lock = lockPlace(folder);
  expect(lockHolder(folder)).toBe(process.pid);
});
