import { expect, it } from "vitest";
import { schemaDrift } from "./schema-drift.ts";
import { createTestDatabase } from "./testing/index.ts";

it("the migrated database is what schema.prisma says", async () => {
  await using database = await createTestDatabase();
  expect(await schemaDrift(database.url)).toEqual([]);
});

it("a difference is told as the statement that would remove it", async () => {
  await using database = await createTestDatabase();
  const schema = `datasource db {\n  provider = "postgresql"\n}\nmodel Extra {\n  id Int @id\n}\n`;
  expect((await schemaDrift(database.url, schema)).join("\n")).toContain('CREATE TABLE "Extra"');
});
