import { spawn } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { root } from "../bootstrap/paths.mjs";
import { runWholeSuite } from "./whole-suite.mjs";

let folder;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-suite-"));
  const reporters = ["default", join(root, "scripts/checks/failed-files.mjs")];
  await writeFile(
    join(folder, "vitest.config.mjs"),
    `export default ${JSON.stringify({ test: { globals: true, reporters } })};`,
  );
});
afterEach(() => rm(folder, { recursive: true }));

/** A test file whose name is written down each time it runs. */
async function testFile(name, passes) {
  const runs = join(folder, "runs");
  await writeFile(
    join(folder, `${name}.test.mjs`),
    `import { appendFileSync, readFileSync } from "node:fs";
     it("passes", () => {
       appendFileSync(${JSON.stringify(runs)}, ${JSON.stringify(`${name}\n`)});
       const before = readFileSync(${JSON.stringify(runs)}, "utf8");
       expect(${passes}).toBe(true);
     });`,
  );
}
const passed = (name) => testFile(name, "true");
const failsOnce = (name) => testFile(name, `before.split("${name}").length > 2`);
const fails = (name) => testFile(name, "false");

/** Runs the files above with the real vitest. Resolves to the exit code and which files ran how often. */
async function run() {
  const vitest = (args, env) =>
    new Promise((resolve) => {
      const child = spawn(join(root, "node_modules/.bin/vitest"), ["run", "--root", folder, ...args], {
        env: { ...process.env, ...env },
        stdio: "ignore",
      });
      child.on("close", resolve);
    });
  await appendFile(join(folder, "runs"), "");
  const code = await runWholeSuite(vitest);
  const runs = (await readFile(join(folder, "runs"), "utf8")).split("\n").filter(Boolean).sort();
  return { code, runs };
}

it("runs everything once where everything passes", async () => {
  await Promise.all([passed("one"), passed("two")]);
  expect(await run()).toEqual({ code: 0, runs: ["one", "two"] });
});

it("tries the files again in which something failed, and no others", async () => {
  await Promise.all([passed("one"), failsOnce("two")]);
  expect(await run()).toEqual({ code: 0, runs: ["one", "two", "two"] });
});

it("fails where a file fails twice", async () => {
  await Promise.all([fails("one"), failsOnce("two")]);
  expect(await run()).toEqual({ code: 1, runs: ["one", "one", "two", "two"] });
});

it("tries nothing again where many fail", async () => {
  await Promise.all(["one", "two", "three", "four"].map(failsOnce));
  expect(await run()).toEqual({ code: 1, runs: ["four", "one", "three", "two"] });
});

it("tries nothing again after an error that is of no test", async () => {
  await Promise.all([
    failsOnce("one"),
    writeFile(
      join(folder, "two.test.mjs"),
      `it("passes", async () => {
         void Promise.reject(new Error("nobody's"));
         await new Promise(setImmediate);
       });`,
    ),
  ]);
  expect(await run()).toEqual({ code: 1, runs: ["one"] });
});
