import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkFirstLoad, MOST_BYTES, scriptsOf } from "./first-load.mjs";

const manifest = {
  "index.html": { file: "app/index.js", name: "index", imports: ["_react.js"] },
  "_react.js": { file: "app/react.js", name: "react" },
  "_runs.css": { file: "app/runs.css", name: "runs" },
  "_runs.js": { file: "app/runs.js", name: "runs", imports: ["_react.js", "_table.js"] },
  "_table.js": { file: "app/table.js", name: "table", imports: ["_react.js"] },
  "_run.js": { file: "app/run.js", name: "run" },
};

let dist;
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), "sluice-first-load-"));
  mkdirSync(join(dist, ".vite"));
  mkdirSync(join(dist, "app"));
  vi.spyOn(console, "log").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dist, { recursive: true });
});

/** Random, so that it does not get smaller. */
function build(bytesOfPage) {
  for (const { file } of Object.values(manifest)) writeFileSync(join(dist, file), randomBytes(100));
  writeFileSync(join(dist, "app/runs.js"), randomBytes(bytesOfPage));
  writeFileSync(join(dist, "app/run.js"), randomBytes(MOST_BYTES));
  writeFileSync(join(dist, ".vite/manifest.json"), JSON.stringify(manifest));
}

describe("the check of the first load", () => {
  it("counts every script once that the first page takes, and none that another does", () => {
    expect(scriptsOf(manifest, ["index", "runs"])).toEqual([
      "app/index.js",
      "app/react.js",
      "app/runs.js",
      "app/table.js",
    ]);
    expect(() => scriptsOf(manifest, ["gone"])).toThrow("no gone");
  });

  it("fails over the limit and where nothing is built", async () => {
    expect(await checkFirstLoad(dist)).toBe(1);
    build(1_000);
    expect(await checkFirstLoad(dist)).toBe(0);
    build(MOST_BYTES);
    expect(await checkFirstLoad(dist)).toBe(1);
  });
});
