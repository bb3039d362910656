import pg from "pg";

/** What a database holds, by table: every row as JSON, in an order that does not depend on how it was written. */
export type DatabaseDump = Readonly<Record<string, readonly unknown[]>>;

/** The content of all tables of the schema `public`, but the record of migrations. */
export async function dumpTables(url: string): Promise<DatabaseDump> {
  return await connected(url, async (many) => {
    const tables = await many<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1`,
    );
    const dump: Record<string, readonly unknown[]> = {};
    for (const { name } of tables) {
      const rows = await many<{ row: unknown }>(`SELECT to_jsonb(t) AS row FROM "${name}" t ORDER BY to_jsonb(t)`);
      dump[name] = rows.map(({ row }) => row);
    }
    return dump;
  });
}

/** Columns (without their order), constraints, indexes, enum values, functions and triggers of the schema `public`. */
export async function dumpStructure(url: string): Promise<readonly string[]> {
  return await connected(url, async (many) => {
    const lines = await many<{ line: string }>(
      `SELECT format('%s.%s %s %s %s', table_name, column_name, udt_name, is_nullable, column_default) AS line
         FROM information_schema.columns WHERE table_schema = 'public'
       UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace
       UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
       UNION ALL SELECT format('%s %s', t.typname, string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder))
         FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid GROUP BY t.typname
       UNION ALL SELECT format('function %s', proname) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
       UNION ALL SELECT format('trigger %s', tgname) FROM pg_trigger WHERE NOT tgisinternal
       ORDER BY 1`,
    );
    return lines.map(({ line }) => line);
  });
}

type Many = <T extends object>(sql: string) => Promise<T[]>;

async function connected<T>(url: string, work: (many: Many) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(async <R extends object>(sql: string) => (await client.query(sql)).rows as R[]);
  } finally {
    await client.end();
  }
}
