import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyAuditCommand } from "../src/export/verify-audit-command.ts";
import { echoGenerator } from "./kit/echo-generator.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { type NewRun, newRun, untilStep } from "./kit/steps.ts";

let kit: ServerKit;
let first: NewRun;
let second: NewRun;
beforeAll(async () => {
  kit = await serverKit({ worker: true, generators: [echoGenerator()] });
  first = await decided('calm, "quiet"\nand slow', "APPROVE");
  second = await decided('=HYPERLINK("http://a.example")', "REJECT");
});
afterAll(() => kit[Symbol.asyncDispose]());

async function decided(comment: string, decision: "APPROVE" | "REJECT"): Promise<NewRun> {
  const run = await newRun(kit, ["{ name: Draft, type: generate, generator: echo, gate: manual, n: 2 }"]);
  const [stepId] = run.stepIds as [string];
  await untilStep(kit, stepId, "AWAITING_APPROVAL");
  const [mutation, input] =
    decision === "APPROVE" ? ["approveStep", { stepId, topK: 1, comment }] : ["rejectStep", { stepId, comment }];
  const type = `${(mutation as string)[0]!.toUpperCase()}${(mutation as string).slice(1)}`;
  const answer = await kit.graphql<Record<string, { __typename: string }>>(
    `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { __typename ... on Error { message } } }`,
    { input },
  );
  expect(answer[mutation as string]!.__typename).toBe(`${type}Success`);
  return run;
}

async function get(path: string, options: { token?: string | null; method?: string } = {}): Promise<Response> {
  const token = options.token === undefined ? await kit.token() : options.token;
  return await fetch(`${kit.url}/export/${path}`, {
    method: options.method ?? "GET",
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  });
}

interface Line {
  readonly id: number;
  readonly previousHash: string;
  readonly hash: string;
  readonly entry: string;
}

const linesOf = (text: string): Line[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

describe("the approval history", () => {
  it("as CSV over all runs: one row per decision, safe to open in a spreadsheet", async () => {
    const response = await get("approvals.csv");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="sluice-approvals.csv"');
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    const text = await response.text();
    expect(text).toMatch(/^id,at,type,run,/);
    expect(text).toContain('"calm, ""quiet""\nand slow"');
    expect(text).toContain(`"'=HYPERLINK(""http://a.example"")"`);
    expect(text.match(/^\d+,\d{4}-/gm)).toHaveLength(2);
    expect(text).toMatch(/\r\n$/);
  });

  it("as CSV of one run, by its number or its id", async () => {
    const byNumber = await get(`approvals.csv?run=${first.number}`);
    expect(byNumber.headers.get("content-disposition")).toContain(`sluice-approvals-run-${first.number}.csv`);
    const text = await byNumber.text();
    expect(text).toContain("calm");
    expect(text).not.toContain("HYPERLINK");
    expect(await (await get(`approvals.csv?run=${encodeURIComponent(first.id)}`)).text()).toBe(text);
  });

  it("as JSON lines that anybody can check with SHA-256 alone", async () => {
    const response = await get("approvals.jsonl");
    expect(response.headers.get("content-type")).toBe("application/jsonl; charset=utf-8");
    const lines = linesOf(await response.text());
    expect(lines.map(({ entry }) => (JSON.parse(entry) as { type: string }).type)).toEqual(["approved", "rejected"]);
    let previous = "0".repeat(64);
    for (const { previousHash, hash, entry } of lines) {
      expect(previousHash).toBe(previous);
      expect(createHash("sha256").update(`${previousHash}\n${entry}`).digest("hex")).toBe(hash);
      previous = hash;
    }
    const ofSecond = linesOf(await (await get(`approvals.jsonl?run=${second.number}`)).text());
    expect(ofSecond).toEqual([lines[1]]);
  });

  it("is read in pages: many entries come whole, in order and once", async () => {
    await using big = await serverKit();
    await big.db.query(
      `INSERT INTO audit_entries (id, at, pipeline_run_id, pipeline_run_step_id, type, entry, hash, previous_hash)
       SELECT n, now(), 1, 1, 'approved', repeat('x', 2000), 'h', 'p' FROM generate_series(1, 1234) n`,
    );
    const response = await fetch(`${big.url}/export/approvals.jsonl`, {
      headers: { authorization: `Bearer ${await big.token()}` },
    });
    const ids = linesOf(await response.text()).map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: 1_234 }, (_, place) => place + 1));
  });

  it("is there for a run that is gone, and empty for one in which nothing was decided", async () => {
    const run = await newRun(kit, ["{ name: Draft, type: generate, generator: echo, gate: manual, n: 1 }"]);
    expect(await (await get(`approvals.jsonl?run=${run.number}`)).text()).toBe("");
    expect((await (await get(`approvals.csv?run=${run.number}`)).text()).split("\r\n")).toHaveLength(2);
    const gone = await decided("before it went", "APPROVE");
    await kit.db.query(`DELETE FROM pipeline_runs WHERE id = $1`, [gone.number]);
    const response = await get(`approvals.csv?run=${gone.number}`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("before it went");
  });
});

describe("who may have it", () => {
  it("nobody who is not signed in", async () => {
    expect((await get("approvals.csv", { token: null })).status).toBe(401);
    expect((await get("approvals.jsonl", { token: null })).status).toBe(401);
  });

  it("a viewer, but no key without the right to read", async () => {
    expect((await get("approvals.csv", { token: await kit.token("vera", { role: "VIEWER" }) })).status).toBe(200);
    const blind = await get("approvals.csv", { token: await kit.token("olga", { scopes: ["VOTE"] }) });
    expect(blind.status).toBe(403);
    expect(blind.headers.get("content-disposition")).toBeNull();
    expect(await blind.json()).toEqual({
      errors: [
        {
          message: "This API key lacks the scope VIEW. Use one that has it.",
          extensions: { code: "FORBIDDEN" },
        },
      ],
    });
  });

  it.each(["0", "99999999999", "x", ""])("no run is named by %j", async (run) => {
    expect((await get(`approvals.csv?run=${run}`)).status).toBe(400);
  });

  it.each(["run[]=1", "runs=1", "run=1&run=2", "Run=1"])(
    "“%s” is refused, and not taken for every run",
    async (query) => {
      const response = await get(`approvals.csv?${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "BAD_INPUT" } }] });
    },
  );

  it("a run that does not exist is not found", async () => {
    const response = await get("approvals.csv?run=424242");
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errors: [{ message: "There is no run #424242." }] });
  });

  it("HEAD tells what GET would, without a body", async () => {
    const response = await get("approvals.csv", { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
  });
});

describe("over GraphQL", () => {
  it("lists what was decided in a run, and verifies the chain against a head that was kept", async () => {
    const { auditEntries, auditHead } = await kit.graphql<{
      auditEntries: { totalCount: number; edges: { node: Record<string, unknown> }[] };
      auditHead: { number: number; text: string };
    }>(
      `query ($runId: ID!) {
         auditEntries(runId: $runId) { totalCount edges { node {
           type actorName actorRole channel topK comment stepPosition stepName round runNumber run { number } entry hash previousHash } } }
         auditHead { number text } }`,
      { runId: first.id },
    );
    expect(auditEntries.totalCount).toBe(1);
    expect(auditEntries.edges[0]!.node).toMatchObject({
      type: "APPROVED",
      actorName: "ada",
      actorRole: "OWNER",
      channel: "API",
      topK: 1,
      comment: 'calm, "quiet"\nand slow',
      stepPosition: 1,
      stepName: "Draft",
      round: 1,
      runNumber: first.number,
      run: { number: first.number },
    });
    const verify = (expectedHead: string | null, as?: string) =>
      kit.graphql<{ verifyAudit: { whole: boolean; entries: number; problem: { kind: string } | null } }>(
        `query ($expectedHead: String) { verifyAudit(expectedHead: $expectedHead) { whole entries problem { kind } } }`,
        { expectedHead },
        as === undefined ? {} : { as },
      );
    expect((await verify(auditHead.text)).verifyAudit).toMatchObject({ whole: true, problem: null });
    const other = `${auditHead.number}:${"0".repeat(64)}`;
    expect((await verify(other)).verifyAudit).toMatchObject({ whole: false, problem: { kind: "CHANGED" } });
    await expect(verify("nonsense")).rejects.toThrow("BAD_INPUT");
    await kit.token("vito", { role: "VOTER" });
    await expect(verify(null, "vito")).rejects.toThrow("FORBIDDEN");
  });

  it("pages through all entries, the newest first", async () => {
    const page = (after: string | null) =>
      kit.graphql<{
        auditEntries: { edges: { cursor: string; node: { number: number } }[]; pageInfo: { hasNextPage: boolean } };
      }>(
        `query ($after: String) { auditEntries(first: 1, after: $after) { edges { cursor node { number } } pageInfo { hasNextPage } } }`,
        { after },
      );
    const numbers: number[] = [];
    let after: string | null = null;
    for (let more = true; more; ) {
      const { auditEntries } = await page(after);
      numbers.push(...auditEntries.edges.map(({ node }) => node.number));
      after = auditEntries.edges.at(-1)!.cursor;
      more = auditEntries.pageInfo.hasNextPage;
    }
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    expect(numbers.at(-1)).toBe(1);
  });
});

describe("the example that checks an export", () => {
  const example = new URL("../../../docs/examples/verify-approvals.mjs", import.meta.url).pathname;

  async function check(text: string, ...args: string[]): Promise<string> {
    const checking = promisify(execFile)(process.execPath, [example, ...args]);
    checking.child.stdin?.end(text);
    return (await checking).stdout.trim();
  }

  it("prints the end of a whole history and of one run's", async () => {
    const { auditHead } = await kit.graphql<{ auditHead: { text: string } }>(`{ auditHead { text } }`);
    expect(await check(await (await get("approvals.jsonl")).text())).toBe(auditHead.text);
    const ofSecond = await (await get(`approvals.jsonl?run=${second.number}`)).text();
    expect(await check(ofSecond, "--one-run")).toMatch(/^2:/);
    await expect(check(ofSecond)).rejects.toMatchObject({ stderr: expect.stringContaining("say so: --one-run") });
  });

  it("fails for what was changed or left out", async () => {
    const text = await (await get("approvals.jsonl")).text();
    await expect(check(text.replace("calm", "loud"))).rejects.toMatchObject({
      code: 1,
      stderr: expect.not.stringContaining("--one-run"),
    });
    await expect(check(text.slice(text.indexOf("\n") + 1))).rejects.toMatchObject({ code: 1 });
  });
});

describe("the command verify-audit", () => {
  const verify = (...args: string[]) =>
    verifyAuditCommand(args, { databaseUrl: kit.databaseUrl, dataDir: kit.dataDir });

  it("says that the chain is whole, with its end, which it takes again", async () => {
    const said = await verify();
    const head = /^The audit chain is whole: \d+ entries\. Its end is (\d+:[0-9a-f]{64})$/.exec(said)?.[1];
    expect(head, said).toBeDefined();
    expect(await verify("--head", head as string)).toBe(said);
    await expect(verify("--head", "nonsense")).rejects.toThrow("--head takes the end");
    await expect(verify("--tail")).rejects.toThrow("Unknown option '--tail'");
  });

  it("fails where the chain is not whole, and so does its process", async () => {
    const cli = new URL("../src/cli.ts", import.meta.url).pathname;
    const env = { PATH: process.env.PATH, DATABASE_URL: kit.databaseUrl, SLUICE_DATA_DIR: kit.dataDir };
    const args = [cli, "verify-audit", "--head", `999999:${"0".repeat(64)}`];
    await expect(promisify(execFile)(process.execPath, args, { env })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The audit chain is not whole\. The chain ends at entry \d+, .* was cut off\.\n$/),
    });
  });
});
