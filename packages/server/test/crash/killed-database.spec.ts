import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { processEnvironment } from "../kit/process-environment.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** Sluice as `npm start` starts it, with the database that it brings along, in a folder of its own. */
async function sluice() {
  const dataDir = await mkdtemp(join(tmpdir(), "sluice-process-"));
  // PostgreSQL's own user has to pass through when the tests run as root.
  await chmod(dataDir, 0o755);
  const child = spawn(process.execPath, [main], {
    env: processEnvironment({ SLUICE_DATA_DIR: dataDir, PORT: "0" }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => (output += chunk));
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk;
    child.emit("said");
  });
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await exited;
    await rm(dataDir, { recursive: true, force: true });
  });
  return {
    dataDir,
    /** Resolves with the first group of what it says to stdout. */
    async said(what: RegExp): Promise<string> {
      for (;;) {
        const found = what.exec(output)?.[1];
        if (found !== undefined) return found;
        const [code] = await Promise.race([once(child, "said"), exited]);
        if (code !== undefined) throw new Error(`It ended with ${code}:\n${output}`);
      }
    },
  };
}

it("kill -9 of the embedded PostgreSQL is mended: the server answers again, at the same address", async () => {
  const { dataDir, said } = await sluice();
  const url = await said(/^Sluice runs at (http:\/\/[^\s]+)/m);
  const link = await said(/sign-in\?token=(\S+)/);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);

  const killed = Number((await readFile(join(dataDir, "postgres/postmaster.pid"), "utf8")).split("\n")[0]);
  process.kill(killed, "SIGKILL");
  expect(Number(await said(/^PostgreSQL runs again \(process (\d+)\)/m))).not.toBe(killed);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);

  // What was committed before is there, and what comes now is done by the worker that was there before.
  const signedIn = await fetch(`${url}/sign-in`, {
    method: "POST",
    body: new URLSearchParams({ token: link }),
    headers: { origin: url },
    redirect: "manual",
  });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const stream = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ query: "subscription { runsChanged { status } }" }),
  });
  const created = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json" },
    body: JSON.stringify({
      query: `mutation { createRun(input: { pipeline: "Taglines", prompt: "a bakery", reviewFirstStep: true }) { __typename } }`,
    }),
  });
  expect(await created.json()).toEqual({ data: { createRun: { __typename: "CreateRunSuccess" } } });
  let received = "";
  for await (const chunk of stream.body ?? []) {
    received += Buffer.from(chunk).toString();
    if (received.includes("WAITING_FOR_APPROVAL")) break;
  }
  expect(received).toContain("WAITING_FOR_APPROVAL");
});
