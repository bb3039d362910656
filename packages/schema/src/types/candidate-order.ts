import { badCursor } from "../bad-cursor.ts";

export type CandidateOrder = "OLDEST" | "NEWEST" | "BEST_RATED" | "LEAST_RATED" | "MOST_VOTES" | "FEWEST_VOTES";

/** An expression over a candidate `c`, and the type of PostgreSQL that its values have. */
interface SortKey {
  readonly sql: string;
  readonly type: "int" | "bigint" | "float8";
}

/** How a list of candidates is sorted: by each key in turn, all of them in one direction. */
interface Sorting {
  readonly keys: readonly SortKey[];
  readonly direction: "ASC" | "DESC";
}

const ARRIVAL: readonly SortKey[] = [{ sql: "c.id", type: "int" }];
/** G3, the one order of candidates: what is older or came first is better, and so the larger number. */
const RANK: readonly SortKey[] = [
  { sql: "c.elo", type: "float8" },
  { sql: "c.vote_count", type: "int" },
  { sql: "-(extract(epoch FROM c.created_at) * 1000)::bigint", type: "bigint" },
  { sql: "-c.id", type: "int" },
];
const VOTES: readonly SortKey[] = [
  { sql: "c.vote_count", type: "int" },
  { sql: "-c.id", type: "int" },
];

/** What each order sorts by. The last key tells any two candidates apart. */
export const SORTINGS: Readonly<Record<CandidateOrder, Sorting>> = {
  OLDEST: { keys: ARRIVAL, direction: "ASC" },
  NEWEST: { keys: ARRIVAL, direction: "DESC" },
  BEST_RATED: { keys: RANK, direction: "DESC" },
  LEAST_RATED: { keys: RANK, direction: "ASC" },
  MOST_VOTES: { keys: VOTES, direction: "DESC" },
  FEWEST_VOTES: { keys: VOTES, direction: "ASC" },
};

/**
 * Where a candidate stands in a sorted list: its order and the values that it is sorted by, as they were when it was
 * listed. A page behind it holds where ratings have moved since: nobody is listed twice but those who moved. Opaque
 * to clients.
 */
export function orderCursor(order: CandidateOrder, place: readonly number[]): string {
  return Buffer.from(`candidates:${order}:${place.join(":")}`).toString("base64");
}

/**
 * @returns the values to go on behind; null, the start, where no cursor is given
 * @throws GraphQLError with the code BAD_CURSOR, for the cursor of a list in another order too
 */
export function parseOrderCursor(order: CandidateOrder, cursor: string | null | undefined): number[] | null {
  if (cursor === null || cursor === undefined) return null;
  const [list, of, ...values] = Buffer.from(cursor, "base64").toString("latin1").split(":");
  const { keys } = SORTINGS[order];
  const place = values.map((value) => (/^-?\d/.test(value) ? Number(value) : Number.NaN));
  const valid = list === "candidates" && of === order && place.length === keys.length;
  if (!valid || !keys.every(({ type }, index) => fits(place[index] as number, type))) throw badCursor();
  return place;
}

function fits(value: number, type: SortKey["type"]): boolean {
  if (type === "float8") return Number.isFinite(value);
  return type === "int" ? value === (value | 0) : Number.isSafeInteger(value);
}
