import pg from "pg";
import { expect, it } from "vitest";
import { startEventTail } from "../src/events/event-tail.ts";
import { engineKit } from "../src/testing/engine-kit.ts";

it("a transaction that stays open and holds live updates back is named, with what finds it", async () => {
  await using kit = await engineKit();
  const holder = new pg.Client(kit.url);
  await holder.connect();
  try {
    await holder.query("BEGIN");
    const { rows } = await holder.query("SELECT pg_current_xact_id()::text AS xid, pg_backend_pid() AS pid");
    const { xid, pid } = rows[0] as { xid: string; pid: number };
    const warned = Promise.withResolvers<string>();
    // Other databases of this server may have transactions of their own that are older.
    const onWarning = (message: string): void => {
      if (message.includes(`transaction ${xid},`)) warned.resolve(message);
    };
    await using tail = startEventTail(kit.pool, { onError: warned.reject, onWarning });
    tail.listen(() => {});
    const [, statement] = /This finds it: (.*?);/.exec(await warned.promise) ?? [];
    expect(await kit.db.many(statement as string)).toMatchObject([{ pid }]);
  } finally {
    await holder.end();
  }
}, 30_000);
