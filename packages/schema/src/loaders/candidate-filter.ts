import type { Advancement, CandidateStatus } from "@sluice/db";
import { placeInFamily } from "@sluice/engine";
import { databaseId } from "../node-id.ts";
import { searchedWords } from "../searched-name.ts";

/** The input `CandidateFilter`. Ids are those of the API. */
export interface CandidateFilter {
  readonly stepIds?: readonly string[] | null | undefined;
  readonly round?: number | null | undefined;
  readonly advancement?: readonly Advancement[] | null | undefined;
  readonly status?: readonly CandidateStatus[] | null | undefined;
  readonly parentId?: string | null | undefined;
  readonly generators?: readonly string[] | null | undefined;
  readonly models?: readonly string[] | null | undefined;
  readonly imported?: boolean | null | undefined;
  readonly search?: string | null | undefined;
  readonly ids?: readonly string[] | null | undefined;
}

/** Conditions on candidates `c`, each with a place for its value. */
export interface Conditions {
  readonly sql: readonly string[];
  readonly values: readonly unknown[];
}

/**
 * What a filter asks of a candidate: only the conditions that it names, so that the planner sees no others.
 *
 * @param first number of the first parameter that is free, from 1
 * @throws GraphQLError with the code BAD_INPUT for text that PostgreSQL cannot have
 */
export function candidateConditions(filter: CandidateFilter, first: number): Conditions {
  const sql: string[] = [];
  const values: unknown[] = [];
  const add = (value: unknown, condition: (place: string) => string): void => {
    if (value === null || value === undefined) return;
    values.push(value);
    sql.push(condition(`$${first + values.length - 1}`));
  };
  add(databaseIds("RunStep", filter.stepIds), (place) => `c.pipeline_run_step_id = ANY(${place}::int[])`);
  add(databaseIds("Candidate", filter.ids), (place) => `c.id = ANY(${place}::int[])`);
  add(filter.round, (place) => `c.round = ${place}`);
  add(filter.advancement, (place) => `c.advancement = ANY(${place}::advancement[])`);
  add(filter.status, (place) => `c.status = ANY(${place}::candidate_status[])`);
  add(databaseIds("Candidate", filter.parentId ? [filter.parentId] : null)?.[0], (place) => `c.parent_id = ${place}`);
  add(nullless(filter.generators), (place) => `c.generator = ANY(${place}::text[])`);
  add(nullless(filter.models), (place) => `c.model = ANY(${place}::text[])`);
  add(filter.imported, (place) => `(c.imported_by_id IS NOT NULL) = ${place}`);
  add(searchedWords(filter.search), (place) => `(${SEARCHED.map((each) => each(place)).join(" OR ")})`);
  return { sql, values };
}

/** Where words may be found: anywhere in what people write, and as the whole of a number that people read off. */
const SEARCHED: readonly ((place: string) => string)[] = [
  (place) => `strpos(lower(c.text), lower(${place}::text)) > 0`,
  (place) => `strpos(lower(c.source), lower(${place}::text)) > 0`,
  (place) => `strpos(lower(c.model), lower(${place}::text)) > 0`,
  (place) => `(c.ordinal = substring(${place}::text FROM '^(?:\\d{1,9}\\.)*(\\d{1,9})$')::int
    AND ${place}::text = ${placeInFamily("c")})`,
  (place) => `EXISTS (SELECT 1 FROM jobs j WHERE j.candidate_id = c.id
    AND j.seed = substring(${place}::text FROM '^\\d{1,10}$')::bigint)`,
];

function databaseIds(typename: string, ids: readonly string[] | null | undefined): number[] | null {
  return ids?.map((id) => databaseId(typename, id)) ?? null;
}

/** PostgreSQL has no text with a null character in it, so nothing is called that. */
function nullless(names: readonly string[] | null | undefined): string[] | null {
  return names?.filter((name) => !name.includes("\0")) ?? null;
}
