import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { echoGenerator } from "./kit/echo-generator.ts";
import { plainPicture } from "./kit/plain-picture.ts";
import { type ServerKit, serverKit } from "./kit/server-kit.ts";
import { candidatesOf, newRun, untilStep, vote } from "./kit/steps.ts";

let kit: ServerKit;
beforeAll(async () => {
  kit = await serverKit({ worker: true, generators: [echoGenerator()] });
});
afterAll(() => kit[Symbol.asyncDispose]());

const STEPS = [
  "{ name: One, type: generate, generator: echo, n: 2, gate: manual }",
  "{ name: Two, type: generate, generator: echo, n: 1, gate: manual }",
];

async function upload(bytes: Uint8Array): Promise<string> {
  const response = await fetch(`${kit.url}/assets`, {
    method: "POST",
    headers: { authorization: `Bearer ${await kit.token()}` },
    body: new Uint8Array(bytes),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { sha256: string }).sha256;
}

interface Imported {
  readonly __typename: string;
  readonly message?: string;
  readonly field?: string;
  readonly cursor: string;
  readonly candidates: readonly { readonly id: string; readonly [field: string]: unknown }[];
  readonly step: { readonly statusLabel: string; readonly candidateCount: number; readonly expectedCandidates: number };
}

async function bring(stepId: string, candidates: readonly object[], as = "ada"): Promise<Imported> {
  const { importCandidates } = await kit.graphql<{ importCandidates: Imported }>(
    `mutation ($input: ImportCandidatesInput!) { importCandidates(input: $input) { __typename
       ... on Error { message } ... on InvalidInputError { field }
       ... on ImportCandidatesSuccess { cursor run { eventCursor } step { statusLabel candidateCount expectedCandidates }
         candidates { id text source generator job { id } importedBy { name } parent { id } assets { url mediaType width } } } } }`,
    { input: { stepId, candidates } },
    { as },
  );
  return importCandidates;
}

describe("candidates that were made elsewhere", () => {
  it("are uploaded, imported, voted on, previewed, chosen and have children", async () => {
    const { stepIds } = await newRun(kit, STEPS);
    const [one, two] = stepIds as [string, string];
    await untilStep(kit, one, "AWAITING_APPROVAL");
    const sha256 = await upload(await plainPicture("#246"));
    const imported = await bring(one, [
      { text: "blue", assets: [sha256], source: "A friend's machine", meta: { prompt: "blue" } },
      { text: "by hand" },
    ]);
    expect(imported).toMatchObject({
      __typename: "ImportCandidatesSuccess",
      candidates: [
        {
          text: "blue",
          source: "A friend's machine",
          generator: null,
          job: null,
          importedBy: { name: "ada" },
          parent: null,
          assets: [{ url: `/assets/${sha256}`, mediaType: "image/png", width: 64 }],
        },
        { text: "by hand", source: null, assets: [] },
      ],
      step: { statusLabel: "Awaiting Approval (4 candidates ready)", candidateCount: 4, expectedCandidates: 4 },
    });
    const [picture] = imported.candidates.map(({ id }) => id) as [string];
    for (const other of (await candidatesOf(kit, one)).filter((id) => id !== picture))
      await vote(kit, [picture, other]);
    const { node } = await kit.graphql<{
      node: { approvalPreview: { ranked: { candidate: { id: string } }[]; rankingVersion: number } };
    }>(
      `query ($id: ID!) { node(id: $id) { ... on RunStep { approvalPreview(topK: 1) { rankingVersion ranked { candidate { id } } } } } }`,
      { id: one },
    );
    expect(node.approvalPreview.ranked).toHaveLength(4);
    expect(node.approvalPreview.ranked[0]?.candidate.id).toBe(picture);
    await kit.graphql(
      "mutation ($input: ApproveStepInput!) { approveStep(input: $input) { ... on Error { message } __typename } }",
      { input: { stepId: one, topK: 1, rankingVersion: node.approvalPreview.rankingVersion } },
    );
    await untilStep(kit, two, "AWAITING_APPROVAL");
    const child = await bring(two, [{ text: "another child", parentId: picture }]);
    expect(child).toMatchObject({ candidates: [{ parent: { id: picture } }], step: { candidateCount: 2 } });
    const late = await bring(one, [{ text: "late" }]);
    expect(late).toMatchObject({ __typename: "StepClosedError", message: expect.stringContaining("is decided") });
  });

  it("come all or none, and whoever sends them hears which is wrong", async () => {
    const { stepIds } = await newRun(kit, STEPS);
    const one = stepIds[0] as string;
    await untilStep(kit, one, "AWAITING_APPROVAL");
    const missing = "d".repeat(64);
    expect(await bring(one, [{ text: "fine" }, { assets: [missing] }])).toMatchObject({
      __typename: "InvalidInputError",
      field: "candidates.1.assets",
      message: `Candidate 2 has an asset that is not there: ${missing}. Upload its bytes to /assets first.`,
    });
    const sha256 = await upload(await plainPicture("#642"));
    expect(await bring(one, [{ text: "fine" }, { assets: [sha256] }])).toMatchObject({
      __typename: "InvalidInputError",
      field: "candidates.1.text",
      message: "Step 1 (One) makes texts, and candidate 2 has no text: give it one.",
    });
    expect(await bring(one, [{ text: "x", parentId: one }])).toMatchObject({ field: "candidates.0.parentId" });
    expect(await bring(one, [])).toMatchObject({ field: "candidates" });
    expect(await bring("none", [{ text: "x" }])).toMatchObject({ __typename: "NotFoundError" });
    await kit.token("vera", { role: "APPROVER" });
    expect(await bring(one, [{ text: "x" }], "vera")).toMatchObject({ __typename: "ForbiddenError" });
    expect(await candidatesOf(kit, one)).toHaveLength(2);
  });
});
