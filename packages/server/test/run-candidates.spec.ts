import { startWorker } from "@sluice/engine";
import { encodeNodeId } from "@sluice/schema";
import { afterAll, beforeAll, expect, it } from "vitest";
import { echoGenerator } from "./kit/echo-generator.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { candidatesOf, type NewRun, newRun, pairsOf, untilStep, vote } from "./kit/steps.ts";

interface Listed {
  readonly id: string;
  readonly elo: number;
  readonly voteCount: number;
  readonly seed: number | null;
  readonly text: string;
}
interface Page {
  readonly totalCount: number;
  readonly edges: readonly { readonly cursor: string; readonly node: Listed }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

let kit: ServerKit;
let run: NewRun;
let first: string[];
let children: string[];
/** Five candidates of echo with six comparisons among them, of which two advance to have three children each. */
beforeAll(async () => {
  kit = await serverKit({ generators: [echoGenerator(), echoGenerator("other")] });
  await using _worker = await startWorker({
    engine: kit.server.engine,
    generators: [echoGenerator(), echoGenerator("other")],
    assets: kit.server.assets,
    // One after the other: they come in the order of their places.
    concurrency: 1,
    onError: (error) => expect.unreachable(String(error)),
  });
  run = await newRun(kit, [
    "{ name: A, type: generate, generator: echo, n: 5, k: 2, gate: manual }",
    "{ name: B, type: generate, generator: other, n: 3, gate: manual }",
  ]);
  const [one, two] = run.stepIds as [string, string];
  await untilStep(kit, one, "AWAITING_APPROVAL");
  first = await candidatesOf(kit, one);
  for (const pair of pairsOf(first.slice(0, 4))) await vote(kit, pair);
  await kit.graphql("mutation ($id: ID!) { approveStep(input: { stepId: $id }) { __typename } }", { id: one });
  await untilStep(kit, two, "AWAITING_APPROVAL");
  children = await candidatesOf(kit, two);
});
afterAll(() => kit[Symbol.asyncDispose]());

async function page(args: Record<string, unknown> = {}): Promise<Page> {
  const { run: found } = await kit.graphql<{ run: { candidates: Page } }>(
    `query ($id: ID!, $first: Int, $after: String, $filter: CandidateFilter, $order: CandidateOrder) {
       run(id: $id) { candidates(first: $first, after: $after, filter: $filter, order: $order) {
         totalCount edges { cursor node { id elo voteCount seed text } } pageInfo { hasNextPage endCursor } } } }`,
    { id: run.id, ...args },
  );
  return found.candidates;
}

const idsOf = ({ edges }: Page): string[] => edges.map(({ node }) => node.id);
const found = async (filter: object): Promise<string[]> => idsOf(await page({ filter, first: 100 }));

it("lists a run's candidates of all steps, in the order of arrival or the reverse", async () => {
  const all = await page();
  expect(idsOf(all)).toEqual([...first, ...children]);
  expect(all.totalCount).toBe(11);
  expect(idsOf(await page({ order: "NEWEST" }))).toEqual([...first, ...children].toReversed());
});

it("G3: lists the best rated first as gates rank them, and the least rated in the reverse of that", async () => {
  const filter = { stepIds: [run.stepIds[0]] };
  const best = await page({ order: "BEST_RATED", filter });
  // The first won all their comparisons against those after them; the fifth has none, and is at 1000.
  expect(idsOf(best)).toEqual([first[0], first[1], first[4], first[2], first[3]]);
  expect(idsOf(await page({ order: "LEAST_RATED", filter }))).toEqual(idsOf(best).toReversed());
  expect(idsOf(await page({ order: "MOST_VOTES", filter }))).toEqual(first);
  expect(idsOf(await page({ order: "FEWEST_VOTES", filter }))).toEqual(first.toReversed());
});

it.each(["OLDEST", "NEWEST", "BEST_RATED", "LEAST_RATED", "MOST_VOTES", "FEWEST_VOTES"])(
  "pages in the order %s give every candidate once",
  async (order) => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const next: Page = await page({ order, first: 2, after });
      seen.push(...idsOf(next));
      expect(next.totalCount).toBe(11);
      after = next.pageInfo.hasNextPage ? next.pageInfo.endCursor : null;
    } while (after);
    expect(seen).toEqual(idsOf(await page({ order, first: 100 })));
    expect(new Set(seen).size).toBe(11);
  },
);

it("finds by step, parent, advancement, status, generator, import and id, and by all of them together", async () => {
  expect(await found({ stepIds: [run.stepIds[1]] })).toEqual(children);
  expect(await found({ stepIds: [] })).toEqual([]);
  const [parent = ""] = first;
  const ofParent = await found({ parentId: parent });
  expect(ofParent).toHaveLength(3);
  expect(await found({ advancement: ["ADVANCING"] })).toEqual([first[0], first[1]]);
  expect(await found({ advancement: ["ADVANCING", "NOT_ADVANCING"], round: 1 })).toEqual(first);
  expect(await found({ status: ["REJECTED", "SUPERSEDED"] })).toEqual([]);
  expect(await found({ generators: ["other"] })).toEqual(children);
  expect(await found({ generators: ["echo", "other\0"], models: [] })).toEqual([]);
  expect(await found({ imported: true })).toEqual([]);
  expect(await found({ imported: false, ids: [children[1], first[0], run.id] })).toEqual([first[0], children[1]]);
  expect(await found({ parentId: encodeNodeId("Run", 1) })).toEqual([]);
  expect(await found({ round: 2 })).toEqual([]);
});

it("finds words in texts and sources, whole seeds, and places in the family", async () => {
  const [candidate] = (await page({ first: 1 })).edges.map(({ node }) => node) as [Listed];
  expect(candidate.seed).toBeGreaterThanOrEqual(0);
  expect(await found({ search: ` ${candidate.seed} ` })).toEqual([candidate.id]);
  await kit.db.query(`UPDATE candidates SET source = 'A Studio_% in Ulm', model = 'Flux.1' WHERE id = $1`, [
    Number(Buffer.from(candidate.id, "base64").toString().split(":")[1]),
  ]);
  expect(await found({ search: "studio_%" })).toEqual([candidate.id]);
  expect(await found({ search: "%" })).toEqual([candidate.id]);
  expect(await found({ search: "fLUX" })).toEqual([candidate.id]);
  expect(await found({ models: ["Flux.1"] })).toEqual([candidate.id]);
  const second = await found({ parentId: first[1] });
  expect(await found({ search: "2.3", stepIds: [run.stepIds[1]] })).toEqual([second[2]]);
  expect(await found({ search: "9".repeat(400) })).toEqual([]);
  expect(await found({ search: "  " })).toHaveLength(11);
});

it("refuses cursors of other lists and orders, and text that cannot be looked for", async () => {
  const { edges } = await page({ order: "BEST_RATED", first: 1 });
  const cursor = edges[0]?.cursor;
  await expect(page({ order: "MOST_VOTES", after: cursor })).rejects.toThrow("BAD_CURSOR");
  for (const text of ["candidates:OLDEST:x", "candidates:OLDEST:1e99", "candidates:OLDEST:", "candidates:OLDEST:1:2"]) {
    await expect(page({ after: Buffer.from(text).toString("base64") })).rejects.toThrow("BAD_CURSOR");
  }
  await expect(page({ filter: { search: "a\0b" } })).rejects.toThrow("BAD_INPUT");
});

it("says what made a run's candidates, and shows the whole family, parents before children", async () => {
  const { run: answer } = await kit.graphql<{
    run: {
      generatorsUsed: string[];
      modelsUsed: string[];
      lineage: { id: string; parent: { id: string } | null; children: Page }[];
    };
  }>(
    `query ($id: ID!) { run(id: $id) { generatorsUsed modelsUsed lineage {
       id parent { id } children(first: 2) { totalCount edges { cursor node { id } } pageInfo { hasNextPage } } } } }`,
    { id: run.id },
  );
  expect(answer.generatorsUsed).toEqual(["echo", "other"]);
  expect(answer.modelsUsed).toEqual(["Flux.1"]);
  expect(answer.lineage.map(({ id }) => id)).toEqual([...first, ...children]);
  const [parent] = answer.lineage;
  expect(parent?.children).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
  const ofParent = answer.lineage.filter((each) => each.parent?.id === parent?.id).map(({ id }) => id);
  expect(parent?.children.edges.map(({ node }) => node.id)).toEqual(ofParent.slice(0, 2));
});
