import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect, it } from "vitest";
import { migrate } from "./migrate.ts";
import { migrationsFolder, readMigrations } from "./migrations/migration-files.ts";
import { rollback } from "./rollback.ts";
import { dumpStructure } from "./testing/database-dump.ts";
import { gatesMigration } from "./testing/pre-gates-database.ts";
import { createEmptyDatabase } from "./testing/test-database.ts";

const peopleMigration = "20261121000000_people";

function migrationsUntil(last: string): Disposable & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "sluice-migrations-"));
  for (const { name } of readMigrations(migrationsFolder)) {
    if (name <= last) cpSync(join(migrationsFolder, name), join(folder, name), { recursive: true });
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

const log = (): void => {};
const sha256 = (secret: string) => createHash("sha256").update(secret);
/** Their hashes have all the characters in which the two notations differ. */
const SECRETS = Array.from({ length: 20 }, (_, n) => `slt_secret-${n}`);

/** A database as it was before roles, with a person, a program, and what they prove themselves with. */
async function databaseBefore(): Promise<{ url: string; db: pg.Client } & AsyncDisposable> {
  const database = await createEmptyDatabase();
  using before = migrationsUntil(gatesMigration);
  await migrate({ url: database.url, log, folder: before.folder });
  const db = new pg.Client({ connectionString: database.url });
  await db.connect();
  await db.query(`INSERT INTO actors (name) VALUES ('ada'), ('bot'), ('admin token'), ('grace')`);
  const credential = (actor: string, kind: string, secret: string, rest = "NULL, NULL") =>
    db.query(
      `INSERT INTO credentials (actor_id, kind, secret_hash, expires_at, revoked_at)
       SELECT id, $2::credential_kind, $3, ${rest} FROM actors WHERE name = $1`,
      [actor, kind, sha256(secret).digest("hex")],
    );
  await credential("ada", "SIGN_IN_LINK", "link", "now() + interval '1 day', NULL");
  await credential("ada", "SESSION", "session", "now() + interval '1 day', NULL");
  for (const secret of SECRETS) await credential("bot", "API_TOKEN", secret);
  await credential("bot", "API_TOKEN", "expired", "now() - interval '1 day', NULL");
  await credential("bot", "API_TOKEN", "revoked", "NULL, now()");
  await credential("grace", "SESSION", "session of grace");
  await credential("grace", "API_TOKEN", "token of grace", "now() + interval '90 days', NULL");
  return {
    url: database.url,
    db,
    async [Symbol.asyncDispose]() {
      await db.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

const migratePeople = async (url: string): Promise<readonly string[]> => {
  using until = migrationsUntil(peopleMigration);
  const said: string[] = [];
  await migrate({ url, log: (line) => void said.push(line), folder: until.folder });
  return said;
};
const rollbackPeople = async (url: string): Promise<string> => {
  using until = migrationsUntil(peopleMigration);
  return (await rollback({ url, log, folder: until.folder })).rolledBack;
};

it("whoever could do everything still can, and tokens that worked go on working", async () => {
  await using before = await databaseBefore();
  expect(await migratePeople(before.url)).toEqual([expect.stringContaining("Sessions of 1 people ended")]);
  const { rows: actors } = await before.db.query(`SELECT name, role, kind FROM actors ORDER BY name`);
  expect(actors).toEqual([
    { name: "ada", role: "OWNER", kind: "PERSON" },
    { name: "admin token", role: "OWNER", kind: "INTEGRATION" },
    { name: "bot", role: "OWNER", kind: "INTEGRATION" },
    { name: "grace", role: "OWNER", kind: "PERSON" },
  ]);
  const { rows: keys } = await before.db.query<{ key: string }>(`SELECT key FROM api_keys WHERE enabled ORDER BY id`);
  const expected = [...SECRETS, "token of grace"].map((secret) => sha256(secret).digest("base64url"));
  expect(keys.map(({ key }) => key)).toEqual(expected);
  expect(expected.join("")).toMatch(/-.*_|_.*-/);
});

it("the way back has the tables of before, and no token that would allow more than it does", async () => {
  await using before = await databaseBefore();
  const structure = await dumpStructure(before.url);
  await migratePeople(before.url);
  await before.db.query(`UPDATE actors SET role = 'VIEWER' WHERE name = 'grace'`);
  const [narrowed, ...kept] = SECRETS;
  await before.db.query(`UPDATE api_keys SET permissions = '{"sluice":["VIEW"]}' WHERE key = $1`, [
    sha256(narrowed as string).digest("base64url"),
  ]);
  expect(await rollbackPeople(before.url)).toBe(peopleMigration);
  expect(await dumpStructure(before.url)).toEqual(structure);
  const { rows } = await before.db.query<{ hash: string }>(`SELECT secret_hash AS hash FROM credentials ORDER BY id`);
  expect(rows.map(({ hash }) => hash)).toEqual(kept.map((secret) => sha256(secret).digest("hex")));
});
