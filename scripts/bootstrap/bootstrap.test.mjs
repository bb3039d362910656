import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { cacheFolder, root } from "./paths.mjs";
import { doStep, isDone } from "./stamp.mjs";

/** A step over a temporary folder, which counts how often it was done. */
function step() {
  const folder = mkdtempSync(join(tmpdir(), "sluice-step-"));
  const name = `test-${process.pid}-${relative(tmpdir(), folder)}`;
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
    rmSync(join(cacheFolder, `${name}.done`), { force: true });
  });
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "src/input"), "1");
  const output = join(folder, "output");
  const work = async () => writeFileSync(output, "made");
  return {
    folder,
    output,
    name,
    inputs: [relative(root, join(folder, "src"))],
    outputs: [relative(root, output)],
    work,
  };
}

describe("steps of the bootstrap", () => {
  it("are skipped once they were done", async () => {
    const one = step();
    expect(isDone(one)).toBe(false);
    await doStep(one);
    expect(isDone(one)).toBe(true);
  });

  it.each([
    ["an input changed", ({ folder }) => writeFileSync(join(folder, "src/input"), "2")],
    ["an input was added", ({ folder }) => writeFileSync(join(folder, "src/more"), "")],
    ["an input was renamed", ({ folder }) => rmSync(join(folder, "src/input"))],
    ["the output was deleted", ({ output }) => rmSync(output)],
  ])("are done again when %s", async (_, change) => {
    const one = step();
    await doStep(one);
    change(one);
    expect(isDone(one)).toBe(false);
  });

  it("do not look at what is made from the inputs", async () => {
    const one = step();
    await doStep(one);
    mkdirSync(join(one.folder, "src/generated"));
    writeFileSync(join(one.folder, "src/generated/types"), "");
    expect(isDone(one)).toBe(true);
  });

  it("are done again when an input changed while they worked", async () => {
    const one = step();
    const work = async () => {
      await one.work();
      writeFileSync(join(one.folder, "src/input"), "edited meanwhile");
    };
    await doStep({ ...one, work });
    expect(isDone(one)).toBe(false);
  });

  it("are done again when they failed, even for inputs that once succeeded", async () => {
    const one = step();
    await doStep(one);
    const work = () => Promise.reject(new Error("stopped"));
    await expect(doStep({ ...one, work })).rejects.toThrow("stopped");
    expect(existsSync(one.output)).toBe(true);
    expect(isDone(one)).toBe(false);
  });
});

describe("the bootstrap lock", () => {
  /** Runs `count` processes that each add to a number under the lock; unprotected, additions would be lost. */
  it("lets one process at a time work, and survives one that is killed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sluice-lock-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const module = JSON.stringify(new URL("./lock.mjs", import.meta.url).href);
    const path = JSON.stringify(join(folder, "lock"));
    const file = JSON.stringify(join(folder, "number"));
    const holdForEver = `
      const { withLock } = await import(${module});
      await withLock(${path}, () => { console.log("held"); return new Promise((r) => setTimeout(r, 2 ** 30)); });`;
    const addOne = `
      const { readFileSync, writeFileSync } = await import("node:fs");
      const { withLock } = await import(${module});
      await withLock(${path}, async () => {
        const before = Number(readFileSync(${file}, "utf8"));
        await new Promise((r) => setTimeout(r, 20));
        writeFileSync(${file}, String(before + 1));
      });`;
    const run = (code) =>
      spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
    writeFileSync(join(folder, "number"), "0");
    const killed = run(holdForEver);
    await once(killed.stdout, "data");
    killed.kill("SIGKILL");
    await once(killed, "exit");
    const exits = await Promise.all(Array.from({ length: 4 }, () => once(run(addOne), "exit")));
    expect(exits).toEqual(Array(4).fill([0, null]));
    expect(readFileSync(join(folder, "number"), "utf8")).toBe("4");
    expect(existsSync(join(folder, "lock"))).toBe(false);
  });
});
