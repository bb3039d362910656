import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserKit, browserKit } from "../kit/browser-kit.ts";
import { openRun, stepRegion } from "../kit/run-page.ts";
import { createRun } from "../kit/spec-runs.ts";

let kit: BrowserKit;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-claimed-"));
  const pipelinesFile = join(folder, "pipelines.yaml");
  await writeFile(
    pipelinesFile,
    `generators: [{ name: writers, kind: pull, media: text }]
pipelines:
  - name: Written
    steps: [{ name: Write, type: generate, generator: writers, n: 2, gate: manual }]
`,
  );
  kit = await browserKit({ pipelinesFile });
  await kit.people.session("robot");
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** What the program that claims jobs asks for; fails where it is refused. */
async function program<T>(field: string, input: object, fields: string): Promise<T> {
  const name = `${field[0]?.toUpperCase()}${field.slice(1)}`;
  const data = await kit.graphql<Record<string, T & { __typename: string }>>(
    `mutation ($input: ${name}Input!) { ${field}(input: $input) {
       __typename ... on Error { message } ... on ${name}Success { ${fields} } } }`,
    { input },
    { as: "robot" },
  );
  const answer = data[field];
  if (answer?.__typename !== `${name}Success`) throw new Error(JSON.stringify(answer));
  return answer;
}

describe("jobs that a program elsewhere claims", () => {
  it("say whose program has them, how far it is, and go when it has answered", async () => {
    const run = await createRun(kit, "Written", { reviewFirstStep: true });
    const ada = await kit.window("ada");
    await openRun(ada, kit, run);
    const step = stepRegion(ada, 1);
    await step.getByText("0 of 2 candidates · 2 jobs running or queued").waitFor();
    const { job } = await program<{ job: { leaseToken: string } }>(
      "claimJob",
      { generators: ["writers"], waitSeconds: 20 },
      "job { leaseToken }",
    );
    const made = step.getByRole("article", { name: /^Job for candidate/ });
    await made.getByText("Claimed by robot", { exact: true }).waitFor();
    expect(await made.count()).toBe(1);

    const { leaseToken } = job;
    await program("heartbeat", { leaseToken, progress: 0.5, message: "Second draft" }, "wanted");
    await made.getByText("Second draft").waitFor();
    await made.getByRole("button", { name: /^Show log of job/ }).click();
    const drawer = ada.getByRole("dialog", { name: "Log of the job" });
    await drawer.getByText(/^a program of robot, until/).waitFor();
    await drawer.getByRole("button", { name: "Close" }).click();

    await program("completeJob", { leaseToken, text: "It was written elsewhere." }, "candidate { id }");
    await made.waitFor({ state: "detached" });
    await step.getByText("It was written elsewhere.").waitFor();
    await step.getByText("1 of 2 candidates · 1 job running or queued").waitFor();
    expect(kit.pageErrors).toEqual([]);
  }, 120_000);
});
