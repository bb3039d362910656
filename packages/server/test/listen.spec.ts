import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Listener, startListener } from "./kit/listener.ts";
import { type ProcessKit, processKit, type ServerProcess } from "./kit/server-process.ts";
import { type StalledGate, stalledGate } from "./kit/stalled-gate.ts";
import { textWorker } from "./kit/text-worker.ts";
import { applyTextPipeline, mutate } from "./kit/waiting-gate.ts";

let kit: ProcessKit;
let server: ServerProcess;
let worker: AsyncDisposable;
let folder: string;
let token: string;
beforeAll(async () => {
  kit = await processKit();
  server = await kit.server();
  worker = await textWorker(kit);
  await applyTextPipeline(kit, server);
  folder = await mkdtemp(join(tmpdir(), "sluice-listen-"));
  token = await kit.people.token("pager", { role: "VIEWER", scopes: ["VIEW"] });
});
afterAll(async () => {
  await worker?.[Symbol.asyncDispose]();
  await kit?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const listen = (...args: string[]): Listener => startListener(kit, ["--alerts", ...args], { SLUICE_TOKEN: token });
const acknowledge = (gate: StalledGate) => mutate(kit, server, "acknowledgeAlert", { alertId: gate.alertId });
const snooze = (gate: StalledGate) => mutate(kit, server, "snoozeAlert", { alertId: gate.alertId, minutes: 60 });
const reject = (gate: StalledGate) => mutate(kit, server, "rejectStep", { stepId: gate.stepId });

describe("sluice listen --alerts", () => {
  it("L2: prints what is open, then each change, a line of JSON each, and stops on SIGTERM", async () => {
    const gate = await stalledGate(kit, server);
    await using listener = listen();
    const open = await listener.next();
    expect(open).toMatchObject({
      change: "RAISED",
      changedBy: null,
      kind: "APPROVAL_STALLED",
      id: gate.alertId,
      run: gate.run,
      step: 1,
      url: `${server.url}/runs/${encodeURIComponent(gate.runId)}`,
      message: expect.stringContaining("has waited for approval since"),
      raisedAt: expect.any(String),
      cursor: expect.any(String),
    });
    await acknowledge(gate);
    expect(await listener.next()).toMatchObject({
      change: "ACKNOWLEDGED",
      acknowledgedBy: "ada",
      changedBy: "ada",
      comment: null,
    });
    await mutate(kit, server, "escalateAlert", { alertId: gate.alertId, to: ["pager"], comment: "Look, please." });
    expect(await listener.next()).toMatchObject({ change: "ESCALATED", changedBy: "ada", comment: "Look, please." });
    await reject(gate);
    expect(await listener.next()).toMatchObject({ change: "RESOLVED", id: gate.alertId, comment: null });
    expect(await listener.end("SIGTERM")).toBe(0);
  });

  it("L2: killed with kill -9 and started again, it misses nothing and repeats nothing", async () => {
    const state = join(folder, "cursor");
    const gate = await stalledGate(kit, server);
    const doomed = listen("--state", state);
    expect((await doomed.next()).change).toBe("RAISED");
    await snooze(gate);
    const told = await doomed.next();
    expect(told.change).toBe("SNOOZED");
    // What is told is noted right after it.
    await expect.poll(async () => (await readFile(state, "utf8")).trim()).toBe(told.cursor);
    await doomed.end("SIGKILL");

    await acknowledge(gate);
    const second = await stalledGate(kit, server);
    await reject(gate);
    await using again = listen("--state", state);
    const missed = [await again.next(), await again.next(), await again.next()];
    expect(missed.map(({ id, change }) => [id, change])).toEqual([
      [gate.alertId, "ACKNOWLEDGED"],
      [second.alertId, "RAISED"],
      [gate.alertId, "RESOLVED"],
    ]);
    await reject(second);
    expect(await again.next()).toMatchObject({ id: second.alertId, change: "RESOLVED" });

    await using since = listen("--since", missed[1]!.cursor);
    expect((await since.next()).cursor).toBe(missed[2]!.cursor);
    expect((await since.next()).change).toBe("RESOLVED");
  }, 120_000);

  it("L2: goes on by itself when the server is started again, at another address", async () => {
    const gate = await stalledGate(kit, server);
    await using listener = listen();
    expect((await listener.next()).id).toBe(gate.alertId);
    await server.end("SIGKILL");
    await listener.complains(/does not answer\. Trying again until it answers\./);
    server = await kit.server();
    await snooze(gate);
    expect(await listener.next()).toMatchObject({ id: gate.alertId, change: "SNOOZED" });
    await listener.complains(/Connected again\./);

    // The same after a stop in order, which closes the subscription from the server's side.
    await server.end("SIGTERM");
    server = await kit.server();
    await reject(gate);
    expect(await listener.next()).toMatchObject({ id: gate.alertId, change: "RESOLVED" });
    expect(await listener.end("SIGINT")).toBe(0);
  }, 120_000);

  it("waits for a server that does not run yet", async () => {
    await server.end("SIGKILL");
    await using listener = listen();
    await listener.complains(/does not answer/);
    server = await kit.server();
    const gate = await stalledGate(kit, server);
    expect(await listener.next()).toMatchObject({ id: gate.alertId });
    await reject(gate);
  }, 120_000);

  it("stops quietly when nobody reads what it prints any more", async () => {
    const gate = await stalledGate(kit, server);
    await using listener = listen();
    await listener.next();
    listener.child.stdout?.destroy();
    await acknowledge(gate);
    expect(await listener.exited).toBe(0);
    await reject(gate);
  });
});

describe("sluice listen --alerts --exec", () => {
  it("runs a command for each: JSON on its input, the rest in its environment", async () => {
    const gate = await stalledGate(kit, server);
    await using listener = listen("--exec", 'cat; echo "$SLUICE_ALERT_CHANGE $SLUICE_ALERT_KIND $SLUICE_ALERT_RUN"');
    expect(await listener.next()).toMatchObject({ id: gate.alertId, change: "RAISED" });
    expect(await listener.line()).toBe(`RAISED APPROVAL_STALLED ${gate.run}`);
    await reject(gate);
    expect(await listener.next()).toMatchObject({ change: "RESOLVED" });
  });

  it("tries a command that fails again, and notes its place only when it is done", async () => {
    const state = join(folder, "exec-cursor");
    const { alertCursor } = await kit.graphql<{ alertCursor: string }>(server, "{ alertCursor }");
    await writeFile(state, alertCursor);
    const tries = join(folder, "tries");
    const gate = await stalledGate(kit, server);
    const command = `echo try >> ${tries}; if [ $(wc -l < ${tries}) -lt 3 ]; then echo failed; exit 7; fi; echo "$SLUICE_ALERT_CURSOR"`;
    await using listener = listen("--state", state, "--exec", command);
    expect([await listener.line(), await listener.line()]).toEqual(["failed", "failed"]);
    expect((await readFile(state, "utf8")).trim()).toBe(alertCursor);
    await listener.complains(/The command failed for the RAISED alert of run #\d+: it exited with 7\. Trying again\./);
    const told = await listener.line();
    await expect.poll(async () => (await readFile(state, "utf8")).trim()).toBe(told);
    await reject(gate);
  });

  it("ends the command, and all that it started, when it is stopped; the alert is told again", async () => {
    const state = join(folder, "stopped-cursor");
    const gate = await stalledGate(kit, server);
    const listener = listen("--state", state, "--exec", "sleep 600 & echo $!; wait");
    const pid = Number(await listener.line());
    expect(process.kill(pid, 0)).toBe(true);
    expect(await listener.end("SIGTERM")).toBe(0);
    await expect.poll(() => isAlive(pid)).toBe(false);
    await using again = listen("--state", state);
    expect(await again.next()).toMatchObject({ id: gate.alertId, change: "RAISED" });
    await reject(gate);
  });
});

describe("sluice listen, used wrongly", () => {
  it.each([
    ["a token that is refused", ["--alerts", "--token", "slt_wrong"], /^The token was refused\./],
    ["no token", ["--alerts"], /^Say who listens, with --token or SLUICE_TOKEN\./],
    ["nothing to listen for", ["--token", "x"], /^Say what to listen for: --alerts\./],
    ["an option that there is not", ["--alerts", "--loud"], /Unknown option '--loud'/],
    ["no address", ["--alerts", "--url", "here"], /^--url takes an address/],
    ["a cursor that is none", ["--alerts", "--since", "12"], /^--since takes the cursor of a line/],
  ])("says what is wrong with %s, and exits with 1", async (_what, args, complaint) => {
    await using listener = startListener(kit, args);
    expect(await listener.exited).toBe(1);
    expect(await listener.complains(complaint)).not.toContain("    at ");
  });

  it("refuses a state file that holds something else", async () => {
    const state = join(folder, "broken");
    await writeFile(state, "hello");
    await using listener = listen("--state", state);
    expect(await listener.exited).toBe(1);
    await listener.complains(/broken holds no cursor of alerts\. Delete it/);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
