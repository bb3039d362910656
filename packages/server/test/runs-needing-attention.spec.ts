import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";

/** More than `alerts` answers with. */
const RUNS = 260;

let kit: ServerKit;
/** Ids of the runs, the oldest first. */
let runs: number[];
beforeAll(async () => {
  kit = await serverKit();
  const rows = await kit.db.many<{ id: number }>(
    `INSERT INTO pipeline_runs (pipeline_id, name, prompt, status)
     SELECT (SELECT max(id) FROM pipelines), 'Mill ' || n, 'flour', CASE WHEN n % 2 = 0 THEN 'FAILED' ELSE 'RUNNING' END::run_status
     FROM generate_series(1, $1) AS n RETURNING id`,
    [RUNS],
  );
  runs = rows.map(({ id }) => id).toSorted((a, b) => a - b);
  // Each newer run has a newer alert; of two kinds, so that some have two.
  await kit.db.query(
    `INSERT INTO alerts (kind, pipeline_run_id, message, raised_at)
     SELECT kind, run, 'The stone is worn.', now() - make_interval(mins => $2::int - row_number() OVER (ORDER BY run)::int)
     FROM unnest($1::int[]) AS run,
       unnest(CASE WHEN run % 5 = 0 THEN '{GENERATION_FAILING,APPROVAL_STALLED}' ELSE '{GENERATION_FAILING}' END::alert_kind[]) AS kind`,
    [runs, RUNS * 2],
  );
});
afterAll(() => kit[Symbol.asyncDispose]());

interface Page {
  readonly totalCount: number;
  readonly edges: readonly { readonly node: { readonly number: number } }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const page = async (variables: object): Promise<Page> =>
  (
    await kit.graphql<{ runs: Page }>(
      `query ($needsAttention: Boolean, $status: [RunStatus!], $after: String) {
         runs(needsAttention: $needsAttention, status: $status, first: 50, after: $after) {
           totalCount edges { node { number } } pageInfo { hasNextPage endCursor } } }`,
      variables,
    )
  ).runs;
const numbers = ({ edges }: Page) => edges.map(({ node }) => node.number);

async function everyPage(variables: object): Promise<number[]> {
  const all: number[] = [];
  for (let after: string | null = null; ; ) {
    const next: Page = await page({ ...variables, after });
    all.push(...numbers(next));
    if (!next.pageInfo.hasNextPage) return all;
    after = next.pageInfo.endCursor;
  }
}

const newestFirst = (ids: readonly number[]) => ids.toReversed();

it("runs that need attention are all told, however many alerts there are, and each once", async () => {
  expect(await everyPage({ needsAttention: true })).toEqual(newestFirst(runs));
  expect((await page({ needsAttention: true })).totalCount).toBe(RUNS);
  expect(await page({ needsAttention: false })).toMatchObject({ totalCount: 0, edges: [] });
});

it("alerts are listed to the oldest, a page behind the other, also while newer ones are resolved", async () => {
  const all = await kit.db.many<{ id: number }>(`SELECT id FROM alerts ORDER BY id DESC`);
  const listed: string[] = [];
  for (let before: string | null = null; ; ) {
    const { alerts }: { alerts: { id: string }[] } = await kit.graphql(
      `query ($before: ID) { alerts(raisedBefore: $before, first: 150) { id } }`,
      { before },
    );
    listed.push(...alerts.map(({ id }) => id));
    if (alerts.length < 150) break;
    before = alerts.at(-1)?.id ?? null;
    await kit.db.query(`UPDATE alerts SET resolved_at = now() WHERE id = $1`, [all[listed.length - 1]?.id]);
  }
  await kit.db.query(`UPDATE alerts SET resolved_at = NULL`);
  expect(listed).toEqual(all.map(({ id }) => Buffer.from(`Alert:${id}`).toString("base64")));
});

it("an old alert that nobody looks after is told behind hundreds that somebody does, or that are over", async () => {
  const [oldest, second] = runs as [number, number];
  await kit.db.query(
    `UPDATE alerts SET acknowledged_at = CASE WHEN pipeline_run_id % 13 > 0 THEN now() END,
       resolved_at = CASE WHEN pipeline_run_id % 13 = 0 THEN now() END
     WHERE pipeline_run_id <> ALL ($1::int[])`,
    [[oldest, second]],
  );
  const { alerts } = await kit.graphql<{ alerts: { run: { number: number } }[] }>(`{ alerts { run { number } } }`);
  expect(alerts.map(({ run }) => run.number)).not.toContain(second);
  expect(await everyPage({ needsAttention: true })).toEqual([second, oldest]);
  expect(await everyPage({ needsAttention: false })).toEqual(newestFirst(runs.slice(2)));
  expect((await page({ needsAttention: false })).totalCount).toBe(RUNS - 2);
  expect(await everyPage({ needsAttention: null })).toEqual(newestFirst(runs));
});

it("goes together with the statuses", async () => {
  const [oldest, second] = runs as [number, number];
  expect(await page({ needsAttention: true, status: ["FAILED"] })).toMatchObject({
    totalCount: 1,
    edges: [{ node: { number: second } }],
  });
  expect(numbers(await page({ needsAttention: true, status: ["RUNNING"] }))).toEqual([oldest]);
  expect((await page({ needsAttention: false, status: ["RUNNING"] })).totalCount).toBe(RUNS / 2 - 1);
});
