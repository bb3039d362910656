import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ProcessKit, processKit } from "./kit/server-process.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

let kit: ProcessKit;
beforeAll(async () => {
  kit = await processKit();
});
afterAll(() => kit[Symbol.asyncDispose]());

it("the README's guide works as it is written: one policy, one webhook, one alert listener", async () => {
  const blocks = await guide();
  expect(blocks).toHaveLength(5);
  const [start, webhook, listener, run, approve] = blocks as [string, string, string, string, string];
  const settings = Object.fromEntries([...start.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
  const server = await kit.server({
    worker: "embedded",
    environment: { ...settings, SLUICE_PIPELINES: `${root}/${settings.SLUICE_PIPELINES}` },
  });
  const receiverPort = await freePort();
  const terminal = (): Terminal => openTerminal({ DATABASE_URL: kit.databaseUrl, SLUICE_DATA_DIR: kit.dataDir });
  const here = (block: string): string =>
    block.replaceAll("http://127.0.0.1:4000", server.url).replaceAll("4100", String(receiverPort));

  await using second = terminal();
  await using third = terminal();
  await using fourth = terminal();
  second.type(here(webhook));
  await reachable(receiverPort);
  third.type(here(listener));

  fourth.type(here(run));
  expect(await second.line()).toBe("approval.requested  Run #1, step 1 (Lines) waits for approval.");
  expect(JSON.parse(await third.line())).toMatchObject({ change: "RAISED", kind: "APPROVAL_STALLED", run: 1, step: 1 });

  fourth.type(here(approve));
  expect(await fourth.line()).toContain("Awaiting Approval (1 of 2)");
  expect(await fourth.line()).toContain("Approved (1/3 advancing)");
  const told = [await second.line(), await second.line(), await second.line()].map((line) => line.split("  ")[0]);
  expect(told.sort()).toEqual(["approval.granted", "approval.signed_off", "approval.signed_off"]);
  expect(JSON.parse(await third.line())).toMatchObject({ change: "RESOLVED", run: 1 });
}, 120_000);

/** The shell blocks of the guide's section, in order. */
async function guide(): Promise<string[]> {
  const readme = await readFile(`${root}/README.md`, "utf8");
  const section = /^## Try it:.*?(?=^## )/ms.exec(readme)?.[0] ?? "";
  return [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block ?? "");
}

interface Terminal extends AsyncDisposable {
  type(commands: string): void;
  /** The next line of what is printed; fails with the complaints when nothing comes any more. */
  line(): Promise<string>;
}

/** A shell in Sluice's folder, and with it everything that is started from it. */
function openTerminal(environment: Record<string, string>): Terminal {
  const shell: ChildProcess = spawn("bash", [], {
    cwd: root,
    detached: true,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const exited = once(shell, "exit");
  let complaints = "";
  shell.stderr?.on("data", (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const lines = createInterface({ input: shell.stdout! })[Symbol.asyncIterator]();
  return {
    type: (commands) => void shell.stdin?.write(`${commands}\n`),
    async line() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`The terminal printed no more lines. ${complaints}`);
      return value;
    },
    async [Symbol.asyncDispose]() {
      process.kill(-shell.pid!, "SIGKILL");
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Resolves once something listens on the port. */
async function reachable(port: number): Promise<void> {
  await expect
    .poll(async () => (await fetch(`http://127.0.0.1:${port}`).catch(() => undefined))?.status, { timeout: 60_000 })
    .toBe(401);
}
