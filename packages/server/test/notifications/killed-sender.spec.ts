import type { ServerResponse } from "node:http";
import { startWorker } from "@sluice/engine";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { echoGenerator } from "../kit/echo-generator.ts";
import { receiver } from "../kit/receiver.ts";
import { type ProcessKit, processKit, type ServerProcess } from "../kit/server-process.ts";
import { applyTextPipeline, mutate, waitingGate } from "../kit/waiting-gate.ts";

const environment = { SLUICE_WEBHOOKS_PRIVATE: "on" };
const TIMES = { timeout: 20_000, interval: 50 };

let kit: ProcessKit;
let worker: AsyncDisposable;
beforeAll(async () => {
  kit = await processKit();
  worker = await startWorker({
    engine: kit.engine,
    generators: [echoGenerator("grammar")],
    assets: {
      put: () => Promise.reject(new Error("No assets.")),
      read: () => Promise.reject(new Error("No assets.")),
      discard: () => Promise.reject(new Error("No assets.")),
    },
    concurrency: 2,
    onError: () => {},
  });
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await kit[Symbol.asyncDispose]();
});

async function hookAt(server: ServerProcess, url: string): Promise<void> {
  const answer = await mutate(kit, server, "createWebhook", { url, eventTypes: ["APPROVAL_REQUESTED"] });
  expect(answer.__typename).toBe("CreateWebhookSuccess");
}
const log = () =>
  kit.db.many<{ status: string; attempts: number }>(
    `SELECT d.status::text, d.attempts FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
     WHERE w.deleted_at IS NULL ORDER BY d.id`,
  );
const allDelivered = (count: number) =>
  vi.waitFor(
    async () => expect((await log()).map(({ status }) => status)).toEqual(Array(count).fill("DELIVERED")),
    TIMES,
  );

it("F8: kill -9 between sending and writing it down sends once more, under the same id", async () => {
  await using hooked = await receiver();
  const open: ServerResponse[] = [];
  hooked.answer((response) => void open.push(response));
  let server = await kit.server({ environment });
  await applyTextPipeline(kit, server);
  await hookAt(server, hooked.url);
  await waitingGate(kit, server);
  const first = await hooked.until(() => true);
  await server.end("SIGKILL");
  expect(await log()).toEqual([{ status: "PENDING", attempts: 1 }]);

  server = await kit.server({ environment });
  // Nobody tries it while the dead server's lease lasts: as if that had passed.
  await kit.db.query(`UPDATE deliveries SET next_attempt_at = now() WHERE status = 'PENDING'`);
  const second = await hooked.until((received) => received !== first);
  expect(second.id).toBe(first.id);
  expect(second.body).toBe(first.body);
  await allDelivered(1);
  expect(hooked.received).toHaveLength(2);
  await server.end("SIGKILL");
  await kit.db.query(`UPDATE webhooks SET enabled = false, deleted_at = now()`);
}, 120_000);

it("F8: what happens while every server is down is told once one is back", async () => {
  await using hooked = await receiver();
  let server = await kit.server({ environment });
  await hookAt(server, hooked.url);
  const created = mutate(kit, server, "createRun", { pipeline: "Text", prompt: "later", reviewFirstStep: true });
  expect((await created).__typename).toBe("CreateRunSuccess");
  await server.end("SIGKILL");
  await kit.until(async () => {
    const { waiting } = await kit.db.one<{ waiting: number }>(
      `SELECT count(*)::int AS waiting FROM approvals a JOIN pipeline_runs r ON r.id = a.pipeline_run_id
       WHERE r.prompt = 'later' AND a.status = 'PENDING'`,
    );
    return waiting === 1;
  });
  server = await kit.server({ environment });
  await hooked.until(({ message }) => message.type === "approval.requested");
  await allDelivered(1);
  expect(hooked.received).toHaveLength(1);
  await server.end("SIGKILL");
  await kit.db.query(`UPDATE webhooks SET enabled = false, deleted_at = now()`);
}, 120_000);

it("F1: two servers tell each receiver of each event once", async () => {
  await using one = await receiver();
  await using other = await receiver();
  const servers = [await kit.server({ environment }), await kit.server({ environment })] as const;
  await hookAt(servers[0], one.url);
  await hookAt(servers[1], other.url);
  await Promise.all(Array.from({ length: 6 }, (_, nth) => waitingGate(kit, servers[nth % 2 === 0 ? 0 : 1], 2)));
  await allDelivered(12);
  for (const { received } of [one, other]) {
    expect(received).toHaveLength(6);
    expect(new Set(received.map(({ id }) => id)).size).toBe(6);
  }
  expect((await log()).every(({ attempts }) => attempts === 1)).toBe(true);
  for (const server of servers) expect(await server.end("SIGTERM")).toBe(0);
}, 120_000);
