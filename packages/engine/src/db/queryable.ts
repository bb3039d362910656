import type pg from "pg";

/** SQL with parameters, on a pool or within a transaction. Rows come as the statement's AS names say. */
export interface Queryable {
  /** Runs a statement and returns how many rows it touched. */
  query(sql: string, values?: readonly unknown[]): Promise<number>;
  many<T>(sql: string, values?: readonly unknown[]): Promise<T[]>;
  maybe<T>(sql: string, values?: readonly unknown[]): Promise<T | undefined>;
  /** @throws when there is not exactly one row: for statements that cannot miss. */
  one<T>(sql: string, values?: readonly unknown[]): Promise<T>;
}

export function queryable(client: pg.Pool | pg.ClientBase): Queryable {
  const run = async (sql: string, values: readonly unknown[] = []) => await client.query(sql, [...values]);
  return {
    query: async (sql, values) => (await run(sql, values)).rowCount ?? 0,
    many: async <T>(sql: string, values?: readonly unknown[]) => (await run(sql, values)).rows as T[],
    maybe: async <T>(sql: string, values?: readonly unknown[]) => (await run(sql, values)).rows[0] as T | undefined,
    one: async <T>(sql: string, values?: readonly unknown[]) => {
      const { rows } = await run(sql, values);
      if (rows.length !== 1) throw new Error(`Expected one row, got ${rows.length}: ${sql.slice(0, 120)}`);
      return rows[0] as T;
    },
  };
}
