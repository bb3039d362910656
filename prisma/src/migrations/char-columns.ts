import { ColumnTypeEnum, type SqlDriverAdapter } from "@prisma/driver-adapter-utils";
import type pg from "pg";

const oidOfChar = 18;
const oidOfText = 25;

/**
 * `PrismaPg` (7.10.0) refuses PostgreSQL's type "char", which the catalogues are full of and which the schema engine
 * reads as single characters. Its columns pass the adapter as text here, and get their own type behind it.
 */
export function understandChars(pool: pg.Pool, adapter: SqlDriverAdapter): void {
  const charsOf = new WeakMap<object, number[]>();
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryArrayResult>;
  pool.query = (async (...args: unknown[]) => {
    const result = await query(...args);
    const chars = (result.fields ?? []).flatMap((field, index) => (field.dataTypeID === oidOfChar ? [index] : []));
    for (const field of result.fields ?? []) if (field.dataTypeID === oidOfChar) field.dataTypeID = oidOfText;
    if (chars.length > 0) charsOf.set(result.rows, chars);
    return result;
  }) as typeof pool.query;

  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (params) => {
    const result = await queryRaw(params);
    for (const index of charsOf.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
}
