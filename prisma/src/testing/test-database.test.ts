import pg from "pg";
import { expect, it } from "vitest";
import { createTestDatabase } from "./index.ts";

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

it("test databases do not see each other", async () => {
  await using one = await createTestDatabase();
  await using other = await createTestDatabase();
  await query(one.url, "CREATE TABLE only_here (id int)");
  expect(await query(one.url, "SELECT to_regclass('only_here') AS there")).toEqual([{ there: "only_here" }]);
  expect(await query(other.url, "SELECT to_regclass('only_here') AS there")).toEqual([{ there: null }]);
});

it("disposing of a test database ends the sessions in it", async () => {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  const ended = new Promise((resolve) => client.on("error", resolve));
  await client.connect();
  await database[Symbol.asyncDispose]();
  expect(await ended).toMatchObject({ code: "57P01" });
});
