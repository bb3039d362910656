import { createTestDatabase } from "@sluice/db/testing";
import pg from "pg";
import { expect, it } from "vitest";
import { isBusy, isOutage, RunBusyError, throughOutages } from "./outage.ts";

const never = new AbortController().signal;

/** What a statement fails with. */
async function failureOf(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  try {
    await client.connect();
    await work(client);
  } catch (error) {
    return error;
  } finally {
    await client.end().catch(() => {});
  }
  throw new Error("This was to fail.");
}

it("A4: tells an outage from an answer", async () => {
  await using database = await createTestDatabase();
  const cut = await failureOf(database.url, (client) => client.query("SELECT pg_terminate_backend(pg_backend_pid())"));
  expect(isOutage(cut)).toBe(true);
  const gone = new URL(database.url);
  gone.port = "1";
  expect(isOutage(await failureOf(gone.href, async () => {}))).toBe(true);
  expect(isOutage(await failureOf(database.url, (client) => client.query("SELECT 1 / 0")))).toBe(false);
  expect(isOutage(new Error("a bug"))).toBe(false);
});

it("A4: repeats work until the database answers, and tells of each outage", async () => {
  const heard: unknown[] = [];
  let left = 2;
  const answer = await throughOutages(
    async () => {
      if (left-- > 0) throw new Error("Connection terminated unexpectedly");
      return "there";
    },
    { signal: never, onError: (error) => heard.push(error) },
  );
  expect(answer).toBe("there");
  expect(heard).toHaveLength(2);
});

it("A4: gives up on what is no outage, and when it is told to stop", async () => {
  const refused = new Error("a bug");
  await expect(throughOutages(() => Promise.reject(refused), { signal: never, onError: () => {} })).rejects.toBe(
    refused,
  );
  const stop = new AbortController();
  const outage = new Error("Connection terminated unexpectedly");
  const work = throughOutages(() => Promise.reject(outage), { signal: stop.signal, onError: () => stop.abort() });
  await expect(work).rejects.toBe(outage);
});

it("A4: what is busy is worth another attempt, and is told from other outages", async () => {
  await using database = await createTestDatabase();
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  await holder.query("SELECT pg_advisory_lock(1)");
  const late = await failureOf(database.url, async (client) => {
    await client.query("SET lock_timeout = 1");
    await client.query("SELECT pg_advisory_lock(1)");
  });
  await holder.end();
  for (const error of [late, new RunBusyError()]) expect([isOutage(error), isBusy(error)]).toEqual([true, true]);
  expect(isBusy(new Error("a bug"))).toBe(false);
});
