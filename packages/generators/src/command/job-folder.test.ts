import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createJobFolder, sweep } from "./job-folder.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-folders-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function isRunning(id: number): Promise<boolean> {
  const stat = await readFile(`/proc/${id}/stat`, "latin1").catch(() => undefined);
  return stat !== undefined && stat.slice(stat.lastIndexOf(")") + 2)[0] !== "Z";
}

/** A worker's process that runs a job whose program has a child, one that has left the group. */
const WORKER = `
  import { commandGenerator } from ${JSON.stringify(new URL("./generator.ts", import.meta.url).href)};
  import { commandSettings } from ${JSON.stringify(new URL("./settings.ts", import.meta.url).href)};
  import { generateOnce, generateRequest } from "@sluice/engine/testing";
  const program = \`
    const far = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
    console.error("started " + process.pid + " " + far.pid);
    setInterval(() => {}, 1000)\`;
  const generator = commandGenerator({
    name: "draw",
    settings: commandSettings.parse({ command: [process.execPath, "--eval", program] }),
    folder: process.cwd(),
    environment: process.env,
    jobsFolder: process.argv[1],
  });
  await generateOnce(generator, generateRequest(), { onTold: ({ log }) => console.log(log[0]) });
`;

describe("a job's folder", () => {
  it("is cleared with all its processes by the next job, after the worker was killed", async () => {
    const root = join(folder, "killed");
    const cwd = new URL("../..", import.meta.url);
    const worker = spawn(process.execPath, ["--input-type=module", "--eval", WORKER, root], {
      cwd,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface({ input: worker.stdout }), "line")) as [string];
    const numbers = line.trim().split(" ").slice(1).map(Number);
    expect(numbers).toHaveLength(2);
    worker.kill("SIGKILL");
    await once(worker, "exit");
    expect(await Promise.all(numbers.map(isRunning))).toEqual([true, true]);

    await using next = await createJobFolder(root);
    expect(await Promise.all(numbers.map(isRunning))).toEqual([false, false]);
    const name = basename(next.path);
    expect((await readdir(root)).sort()).toEqual([name, `${name}.json`]);
  });

  it("stays while its worker lives", async () => {
    const root = join(folder, "living");
    await using job = await createJobFolder(root);
    await sweep(root);
    expect(await readdir(job.path)).toEqual(["out"]);
  });

  it("that cannot be deleted costs no result", async () => {
    const root = join(folder, "stuck");
    const job = await createJobFolder(root);
    await rename(root, `${root}-moved`);
    await writeFile(root, "");
    await expect(job[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  it("gives out nothing that lies elsewhere, by whatever way", async () => {
    await using job = await createJobFolder(join(folder, "links"));
    await symlink("/etc/hostname", join(job.out, "link"));
    await writeFile(join(job.out, "large"), "0123456789");
    await expect(job.readOut("link", 100)).rejects.toThrow("not in the folder $OUT");
    await writeFile(join(job.path, "mine"), "");
    await expect(job.readOut("../mine", 100)).rejects.toThrow("not in the folder $OUT");
    await expect(job.readOut(".", 100)).rejects.toThrow("no ordinary file");
    await expect(job.readOut("absent", 100)).rejects.toThrow("not put into");
    await expect(job.readOut("large", 9)).rejects.toThrow("at most 9");
    expect(Buffer.from(await job.readOut("large", 10)).toString()).toBe("0123456789");
  });

  it("is made nowhere where others may write", async () => {
    const root = join(folder, "open");
    await mkdir(root);
    await chmod(root, 0o777);
    await expect(createJobFolder(root)).rejects.toThrow("others may write there");
  });
});
