import { afterAll, beforeAll, expect, it } from "vitest";
import { abortRun } from "../src/commands/abort-run.ts";
import { createWebhook } from "../src/commands/create-webhook.ts";
import { replayFailedDeliveries } from "../src/commands/replay-delivery.ts";
import { updateWebhook } from "../src/commands/update-webhook.ts";
import { beginFeed } from "../src/notifications/event-feed.ts";
import { FEED_OF, writeDeliveries } from "../src/notifications/write-deliveries.ts";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";

let kit: EngineKit;
/** A webhook that is there all the time. */
let witness: number;
beforeAll(async () => {
  kit = await engineKit();
  await beginFeed(kit.engine, FEED_OF.WEBHOOK);
  witness = await newWebhook();
});
afterAll(() => kit[Symbol.asyncDispose]());

it("a webhook is told of what happens once it is there, however far behind the deliveries are", async () => {
  const before = await finishedRun();
  const webhookId = await newWebhook();
  const after = await finishedRun();
  await untilTold(before, after);
  expect(await toldOf(webhookId)).toEqual([after]);
});

it("nor is it told later of what happened while it was switched off", async () => {
  const webhookId = await newWebhook();
  const before = await finishedRun();
  await untilTold(before);
  await switchTo(webhookId, false);
  const meanwhile = await finishedRun();
  await switchTo(webhookId, true);
  const after = await finishedRun();
  // On already: nothing begins anew.
  await switchTo(webhookId, true);
  await untilTold(meanwhile, after);
  expect(await toldOf(webhookId)).toEqual([before, after]);
});

it("two owners who send all failed ones again at once send each of them once", async () => {
  const webhookId = await newWebhook();
  const runs = [await finishedRun(), await finishedRun(), await finishedRun()];
  await untilTold(...runs);
  await kit.db.query(`UPDATE deliveries SET status = 'FAILED', ended_at = now() WHERE webhook_id = $1`, [webhookId]);
  const replays = await Promise.all(
    Array.from({ length: 8 }, () => replayFailedDeliveries(kit.engine, kit.actor, { since: new Date(0), webhookId })),
  );
  expect(replays.map(({ replayed }) => replayed).toSorted()).toEqual([0, 0, 0, 0, 0, 0, 0, 3]);
  expect((await toldOf(webhookId)).toSorted((one, other) => one - other)).toEqual(
    [...runs, ...runs].toSorted((one, other) => one - other),
  );
});

const deps = () => ({ ...kit.engine, receivers: { check: async (url: string) => url } });

async function newWebhook(): Promise<number> {
  const input = { url: "https://example.com/hook", eventTypes: ["run.finished"] as const };
  return (await createWebhook(deps(), kit.actor, input)).webhookId;
}

const switchTo = async (webhookId: number, enabled: boolean) =>
  await updateWebhook(deps(), kit.actor, { webhookId, enabled });

async function finishedRun(): Promise<number> {
  const runId = await kit.newRun([{}]);
  await abortRun(kit.engine, kit.actor, { runId });
  return runId;
}

/** Writes deliveries until some tell of the end of these runs. */
async function untilTold(...runs: readonly number[]): Promise<void> {
  const links = { origin: "https://sluice.example", idOf: (type: string, id: number) => `${type}:${id}` };
  for (const run of runs) {
    await kit.until(run, async () => {
      while (await writeDeliveries(kit.engine, "WEBHOOK", links));
      return (await toldOf(witness)).includes(run);
    });
  }
}

/** The runs of whose end a webhook is told. */
async function toldOf(webhookId: number): Promise<number[]> {
  const rows = await kit.db.many<{ run: number }>(
    `SELECT pipeline_run_id AS run FROM deliveries WHERE webhook_id = $1 ORDER BY event_id`,
    [webhookId],
  );
  return rows.map(({ run }) => run);
}
