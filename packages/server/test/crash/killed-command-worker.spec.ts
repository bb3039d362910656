import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ProcessKit, processKit } from "../kit/server-process.ts";
import { mutate } from "../kit/waiting-gate.ts";

let kit: ProcessKit;
let folder: string;
beforeAll(async () => {
  kit = await processKit();
  folder = await mkdtemp(join(tmpdir(), "sluice-killed-command-"));
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function isRunning(id: number): Promise<boolean> {
  const stat = await readFile(`/proc/${id}/stat`, "latin1").catch(() => undefined);
  return stat !== undefined && stat.slice(stat.lastIndexOf(")") + 2)[0] !== "Z";
}

it("A4: a job whose worker is killed runs again on another, and the program that it left is ended", async () => {
  // The first time it waits for ever; where somebody has run before, it answers.
  await writeFile(
    join(folder, "write.sh"),
    `if [ -e ran ]; then echo "second time"; else echo > ran; echo "pid $$" >&2; sleep 3600; fi\n`,
  );
  const file = join(folder, "pipelines.yaml");
  await writeFile(
    file,
    [
      "generators:",
      "  - { name: scribe, kind: command, command: [sh, write.sh], input: none, output: text }",
      "pipelines:",
      "  - { name: Text, steps: [{ name: Write, type: generate, generator: scribe, n: 1, gate: auto }] }",
      "",
    ].join("\n"),
  );
  const environment = { SLUICE_PIPELINES: file, TMPDIR: folder };
  const server = await kit.server({ environment });
  const first = await kit.worker(environment);
  await mutate(kit, server, "createRun", { pipeline: "Text", prompt: "a bakery" });
  const log = async () => (await kit.db.one<{ log: string }>(`SELECT string_agg(log, '') AS log FROM jobs`)).log ?? "";
  await kit.until(async () => /pid \d+/.test(await log()));
  const program = Number(/pid (\d+)/.exec(await log())?.[1]);
  await first.end("SIGKILL");
  expect(await isRunning(program)).toBe(true);

  await kit.worker(environment);
  await kit.until(async () => (await kit.db.maybe(`SELECT 1 FROM candidates`)) !== undefined);
  expect(await isRunning(program)).toBe(false);
  expect(await kit.db.many(`SELECT text FROM candidates`)).toEqual([{ text: "second time" }]);
  expect(await kit.db.many(`SELECT status, attempts FROM jobs`)).toEqual([{ status: "COMPLETED", attempts: 0 }]);
  const [root] = (await readdir(folder)).filter((name) => name.startsWith("sluice-jobs-"));
  await expect.poll(() => readdir(join(folder, root!))).toEqual([]);
}, 180_000);
