import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GeneratorError, JobStopped } from "@sluice/engine";
import { generateOnce, generateRequest } from "@sluice/engine/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodePng } from "../cppn/png.ts";
import { commandGenerator } from "./generator.ts";
import { commandSettings } from "./settings.ts";

let folder: string;
let jobsFolder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-command-"));
  jobsFolder = join(folder, "jobs");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A generator whose program is this script, run by Node. */
function program(script: string, settings: object = {}) {
  return withCommand([process.execPath, "--eval", script], settings);
}

function withCommand(command: readonly string[], settings: object = {}) {
  return commandGenerator({
    name: "draw",
    settings: commandSettings.parse({ command, ...settings }),
    folder,
    environment: process.env,
    jobsFolder,
  });
}

async function failureOf(made: Promise<unknown>): Promise<{ message: string; retryable: boolean }> {
  const error = await made.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GeneratorError)) throw new Error(`Expected a GeneratorError, not ${String(error)}.`);
  return { message: error.message, retryable: error.retryable };
}

/** Whether a process is there; one that has ended and was not waited for yet is not. */
async function lives(id: number): Promise<boolean> {
  const stat = await readFile(`/proc/${id}/stat`, "latin1").catch(() => undefined);
  return stat !== undefined && stat.slice(stat.lastIndexOf(")") + 2)[0] !== "Z";
}

const PNG = Buffer.from(encodePng({ width: 4, height: 4, rgb: new Uint8Array(48) }));

const READ_JOB = `const job = JSON.parse(require("node:fs").readFileSync(0, "utf8"));`;

describe("the command generator", () => {
  it("gives the job as JSON, and takes text, meta, usage and warnings back", async () => {
    const made = await generateOnce(
      program(`${READ_JOB} console.log(JSON.stringify({
        text: job.run.prompt + " " + job.seed + " " + job.step.config.style,
        meta: { notes: job.notes, parent: job.parent.text },
        usage: { model: "m", costUsd: 0.5, inputTokens: 3, outputTokens: 4 }, warnings: ["no seed"] }))`),
      generateRequest({
        seed: 7,
        notes: ["warmer"],
        step: { position: 2, name: "Draft", description: null, config: { style: "plain" } },
        parent: { id: 5, text: "before", meta: {}, asset: null },
      }),
    );
    expect(made).toMatchObject({
      text: "sunset over the sea 7 plain",
      meta: { notes: ["warmer"], parent: "before" },
      usage: { model: "m", costUsd: 0.5, inputTokens: 3, outputTokens: 4 },
      warnings: ["no seed"],
    });
  });

  it("hands the parent's picture over as a file, and takes files from $OUT", async () => {
    const made = await generateOnce(
      program(
        `${READ_JOB} const fs = require("node:fs");
         fs.copyFileSync(job.parent.asset.path, process.env.OUT + "/child.png");
         console.log(JSON.stringify({ assets: [{ file: "child.png" }], meta: { at: process.env.SLUICE_JOB_DIR } }))`,
        { media: "image" },
      ),
      generateRequest({
        parent: { id: 5, text: null, meta: {}, asset: { mediaType: "image/png", bytes: async () => PNG } },
      }),
    );
    expect(made.assets).toEqual([{ bytes: expect.anything(), mediaType: "image/png" }]);
    expect(Buffer.from(made.assets[0]!.bytes).equals(PNG)).toBe(true);
    // The folder is gone with the job.
    await expect(readdir((made.meta as { at: string }).at)).rejects.toThrow("ENOENT");
  });

  it("takes a picture's bytes, or a text that is seen while it is written", async () => {
    const picture = await generateOnce(
      program(`process.stdout.write(Buffer.from("${PNG.toString("base64")}", "base64"))`, { output: "image" }),
      generateRequest(),
    );
    expect(Buffer.from(picture.assets[0]!.bytes).equals(PNG)).toBe(true);
    const text = await generateOnce(
      program(`process.stdin.resume(); process.stdin.on("data", (d) => process.stdout.write("You said: " + d))`, {
        output: "text",
        input: "prompt",
      }),
      generateRequest(),
    );
    expect([text.text, text.told.texts.at(-1)]).toEqual(Array(2).fill("You said: sunset over the sea"));
  });

  it("tells progress and log lines from standard error", async () => {
    const made = await generateOnce(
      program(
        `console.error("progress 0.5 half way"); console.error("progress 80%"); console.error("loading"); console.log("x")`,
        {
          output: "text",
        },
      ),
      generateRequest(),
    );
    expect(made.told).toMatchObject({ shares: [0.5, 0.8], messages: ["half way"], log: ["loading"] });
  });

  it("passes on no environment but what its entry says", async () => {
    process.env.A_SECRET_OF_SLUICE = "s3cret";
    const made = await generateOnce(
      program(`console.log(JSON.stringify(Object.keys(process.env).sort()))`, { output: "text", env: { MINE: "1" } }),
      generateRequest(),
    );
    delete process.env.A_SECRET_OF_SLUICE;
    const names = JSON.parse(made.text!) as string[];
    expect(names).toEqual(expect.arrayContaining(["MINE", "OUT", "PATH", "SLUICE_JOB_DIR"]));
    expect(names).not.toContain("A_SECRET_OF_SLUICE");
  });

  it.each([
    [
      "an exit code is final",
      "process.exitCode = 3; console.error('no GPU')",
      {},
      false,
      "exit code 3. It said: no GPU",
    ],
    ["but for those of retry_exit_codes", "process.exitCode = 75", { retry_exit_codes: [75] }, true, "exit code 75"],
    ["a killed program is tried again", "process.kill(process.pid, 'SIGKILL')", {}, true, "ended by SIGKILL"],
    ["no JSON", "console.log('hello')", {}, false, 'one JSON value, and sent "hello"'],
    ["other JSON", "console.log('{\"txt\":1}')", {}, false, "not understood"],
    ["nothing made", "console.log('{}')", {}, false, "without a text"],
    ["its own failure", `console.log('{"error":"out of ink","retryable":true}')`, {}, true, "failed: out of ink"],
    ["no picture", "console.log('hello')", { output: "image" }, false, 'image, and sent "hello"'],
    [
      "too much",
      // A loop without an end would only queue what the pipe does not take at once.
      "setInterval(() => process.stdout.write('x'.repeat(65536)), 1)",
      { max_output_mb: 0.5 },
      false,
      "more than 0.5 MB",
    ],
    [
      "a file elsewhere",
      `require("node:fs").writeFileSync(process.env.SLUICE_JOB_DIR + "/mine", "x"); console.log('{"assets":[{"file":"../mine"}]}')`,
      { media: "image" },
      false,
      "not in the folder",
    ],
    [
      "a pipe for a picture",
      `require("node:child_process").execFileSync("mkfifo", [process.env.OUT + "/p.png"]); console.log('{"assets":[{"file":"p.png"}]}')`,
      { media: "image" },
      false,
      "no ordinary file",
    ],
    ["a blank text", `console.log('{"text":" "}')`, {}, false, "without a text"],
    ["no base64", `console.log('{"assets":[{"base64":"a,b"}]}')`, { media: "image" }, false, "is no base64"],
    ["an absurd price", `console.log('{"text":"x","usage":{"costUsd":1e300}}')`, {}, false, "usage.costUsd"],
    ["a long wait", "setInterval(() => {}, 1000)", { timeout: "1s" }, true, "longer than 1 s"],
  ])("fails in words: %s", async (_what, script, settings, retryable, words) => {
    const failure = await failureOf(generateOnce(program(script, settings), generateRequest()));
    expect(failure).toEqual({ message: expect.stringContaining(words), retryable });
  });

  it("does not mind a program that reads nothing of a large job", async () => {
    const made = await generateOnce(
      program(`require("node:fs").closeSync(0); console.log("ok")`, { output: "text" }),
      generateRequest({ notes: ["x".repeat(5_000_000)] }),
    );
    expect(made.text).toBe("ok");
  });

  it("says what is missing, before a job and in it", async () => {
    const absent = withCommand(["no-such-program-here"]);
    expect(await absent.check?.(new AbortController().signal)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('no program "no-such-program-here"'),
    });
    expect((await failureOf(generateOnce(absent, generateRequest()))).message).toContain("There is no program");
    await writeFile(join(folder, "plain.sh"), "#!/bin/sh\necho hi\n");
    expect((await failureOf(generateOnce(withCommand(["./plain.sh"]), generateRequest()))).message).toContain(
      "chmod +x",
    );
    await chmod(join(folder, "plain.sh"), 0o755);
    const there = withCommand(["./plain.sh"], { output: "text" });
    expect(await there.check?.(new AbortController().signal)).toMatchObject({ ok: true });
    expect((await generateOnce(there, generateRequest())).text).toBe("hi");
  });

  /** Starts a child in its group and one that leaves it, tells their numbers, and ends by nothing but SIGKILL. */
  const FORKING = `
    const { spawn } = require("node:child_process");
    process.on("SIGTERM", () => {});
    const stay = ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"];
    const near = spawn(process.execPath, stay, { stdio: "inherit" });
    const far = spawn(process.execPath, stay, { stdio: "inherit", detached: true });
    console.error("started " + [process.pid, near.pid, far.pid].join(" "));
    setInterval(() => {}, 1000);`;
  const numbersIn = (log: readonly string[]) =>
    log
      .find((line) => line.startsWith("started"))
      ?.split(" ")
      .slice(1)
      .map(Number) ?? [];

  it("ends everything that it started when nobody wants the candidate any more", async () => {
    const stop = new AbortController();
    let numbers: number[] = [];
    const made = generateOnce(program(FORKING), generateRequest(), {
      signal: stop.signal,
      onTold({ log }) {
        numbers = numbersIn(log);
        if (numbers.length > 0) stop.abort(new JobStopped("unwanted"));
      },
    });
    await expect(made).rejects.toBeInstanceOf(JobStopped);
    expect(numbers).toHaveLength(3);
    // A process that was killed ends when the system gets to it.
    await expect.poll(() => Promise.all(numbers.map(lives))).toEqual([false, false, false]);
    expect(await readdir(jobsFolder)).toEqual([]);
  });

  it("ends what a good program has left behind, and does not wait for it", async () => {
    const made = await generateOnce(
      program(
        `const far = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"],
        { stdio: "inherit", detached: true });
        console.error("started " + far.pid); console.log("done"); far.unref(); process.exit(0)`,
        { output: "text" },
      ),
      generateRequest(),
    );
    expect(made.text).toBe("done");
    await expect.poll(() => lives(numbersIn(made.told.log)[0]!)).toBe(false);
  });
});
