import pg from "pg";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { gateThatWaits, type NotifyingKit, notifyingKit } from "../kit/notifying-kit.ts";
import { mutate } from "../kit/spec-runs.ts";
import { candidatesOf, newRun, untilStep, vote } from "../kit/steps.ts";

let kit: NotifyingKit;
beforeAll(async () => {
  kit = await notifyingKit();
  await kit.token("alan", { role: "APPROVER", kind: "PERSON" });
});
afterAll(() => kit[Symbol.asyncDispose]());

interface Link {
  readonly id: string;
  readonly url: string;
}

async function linkTo(stepId: string, as = "alan", hours?: number): Promise<Link> {
  const { createDecisionLink } = await kit.graphql<{
    createDecisionLink: { message?: string; url: string; link: { id: string } };
  }>(
    `mutation ($input: CreateDecisionLinkInput!) { createDecisionLink(input: $input) {
       ... on Error { message } ... on CreateDecisionLinkSuccess { url link { id } } } }`,
    { input: { stepId, hours } },
    { as },
  );
  if (createDecisionLink.message) throw new Error(createDecisionLink.message);
  return { id: createDecisionLink.link.id, url: createDecisionLink.url };
}

const look = async (url: string, method = "GET") => {
  const response = await fetch(url, { method });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const versionIn = (page: string): string => /name="rankingVersion" value="(\d+)"/.exec(page)?.[1] ?? "";
const decide = async (url: string, form: Record<string, string>) => {
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
  return { status: response.status, text: await response.text() };
};
const approve = async (url: string, form: Record<string, string> = {}) =>
  await decide(url, { verdict: "APPROVE", topK: "1", rankingVersion: versionIn((await look(url)).text), ...form });

/** Everything that a decision could change. */
const state = (): Promise<unknown> =>
  kit.db.one(
    `SELECT (SELECT json_agg(r ORDER BY id) FROM pipeline_runs r) AS runs, (SELECT json_agg(s ORDER BY id) FROM pipeline_run_steps s) AS steps,
            (SELECT json_agg(a ORDER BY id) FROM approvals a) AS approvals, (SELECT json_agg(l ORDER BY id) FROM decision_links l) AS links,
            (SELECT count(*) FROM run_events) AS events`,
  );

it("F10: GET and HEAD change nothing, whatever a scanner adds; POST decides, as the person of the link", async () => {
  const run = await gateThatWaits(kit, { name: "<script>alert(1)</script>" });
  const { url } = await linkTo(run.stepId);
  const before = await state();
  for (const method of ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]) {
    for (const more of ["", "?verdict=APPROVE", "?verdict=APPROVE&topK=1", "/", "/pictures/1"]) {
      await look(`${url}${more}`, method);
    }
  }
  expect(await state()).toEqual(before);
  const page = await look(url);
  expect(page.headers.get("cache-control")).toBe("no-store");
  expect(page.headers.get("x-robots-tag")).toContain("noindex");
  expect(page.headers.get("referrer-policy")).toBe("no-referrer");
  expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
  expect(page.text).not.toContain("<script");
  expect(page.text).toContain("You decide as <strong>alan</strong>");

  expect((await approve(url, { comment: "By mail." })).status).toBe(303);
  const [approval] = await kit.db.many(
    `SELECT a.status::text, a.channel::text, a.comment, p.name FROM approvals a JOIN actors p ON p.id = a.decided_by_id
     WHERE a.pipeline_run_id = $1 AND a.status = 'APPROVED'`,
    [run.number],
  );
  expect(approval).toEqual({ status: "APPROVED", channel: "LINK", comment: "By mail.", name: "alan" });
  const after = await look(url);
  expect(after.text).toContain("it was approved by you");
  expect(after.text).not.toContain("<form");
});

it("decides once: the second try of two at the same time is refused", async () => {
  const run = await gateThatWaits(kit);
  const { url } = await linkTo(run.stepId);
  const rankingVersion = versionIn((await look(url)).text);
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => decide(url, { verdict: "APPROVE", topK: "1", rankingVersion })),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 409, 409, 409, 409, 409]);
});

it("a decision that is refused does not use the link up, and keeps what was typed", async () => {
  const run = await gateThatWaits(kit);
  const { url } = await linkTo(run.stepId);
  const none = await approve(url, { topK: "0", comment: "Half a <novel>" });
  expect(none.status).toBe(400);
  expect(none.text).toContain("K must be at least 1");
  expect(none.text).toContain("Half a &lt;novel&gt;");
  const seen = versionIn((await look(url)).text);
  await vote(kit, (await candidatesOf(kit, run.stepId)) as [string, string]);
  const stale = await approve(url, { rankingVersion: seen });
  expect(stale.status).toBe(409);
  expect(stale.text).toContain("The ranking changed since you looked");
  for (const odd of [{}, { rankingVersion: "" }, { rankingVersion: "-1" }, { rankingVersion: "9".repeat(15) }]) {
    const unseen = await decide(url, { verdict: "APPROVE", topK: "1", ...odd });
    expect(unseen.status).toBe(400);
    expect(unseen.text).toContain("The form did not say which ranking you saw.");
  }
  for (const topK of ["", "two", "1.5", "9".repeat(15)]) {
    const odd = await approve(url, { topK });
    expect(odd.status).toBe(400);
    expect(odd.text).toContain("Say how many advance at most: K is a whole number from 1.");
  }
  expect((await decide(url, {})).status).toBe(400);
  expect((await decide(url, { verdict: "REJECT", comment: "No." })).status).toBe(303);
  const { status } = await kit.db.one<{ status: string }>(`SELECT status FROM pipeline_runs WHERE id = $1`, [
    run.number,
  ]);
  expect(status).toBe("REJECTED");
});

it("asks for a reason in words, as long as the API takes it", async () => {
  const run = await gateThatWaits(kit, {}, ", min_votes: 5");
  const { url } = await linkTo(run.stepId);
  const unmet = await approve(url);
  expect(unmet.status).toBe(409);
  expect(unmet.text).toContain("say below why this is enough");
  expect(unmet.text).not.toContain("(overrideReason)");
  const [, most] = /name="overrideReason" rows="2" maxlength="(\d+)"/.exec(unmet.text) ?? [];
  const tooLong = await approve(url, { overrideReason: "x".repeat(Number(most) + 1) });
  expect([tooLong.status, tooLong.text.includes("The reason is longer than")]).toEqual([400, true]);
  expect((await approve(url, { overrideReason: "x".repeat(Number(most)) })).status).toBe(303);
});

it("F6: opens no other gate, not even the next of its run", async () => {
  const run = await gateThatWaits(kit);
  const first = await linkTo(run.stepId);
  const spare = await linkTo(run.stepId);
  expect((await approve(first.url)).status).toBe(303);
  await untilStep(kit, run.stepIds[1] as string, "AWAITING_APPROVAL");
  const late = await decide(spare.url, { verdict: "APPROVE", topK: "1", rankingVersion: "0" });
  expect(late.status).toBe(409);
  expect(late.text).toContain("it was approved by you");
  const { status } = await kit.db.one<{ status: string }>(
    `SELECT status FROM pipeline_run_steps WHERE pipeline_run_id = $1 AND position = 2`,
    [run.number],
  );
  expect(status).toBe("AWAITING_APPROVAL");
});

it("F6: a link of an earlier request of the same step decides nothing", async () => {
  const run = await gateThatWaits(kit);
  const { url } = await linkTo(run.stepId);
  const [candidateId] = await candidatesOf(kit, run.stepId);
  await mutate(kit, "rejectCandidate", { candidateId });
  await untilStep(kit, run.stepId, "AWAITING_APPROVAL");
  const late = await decide(url, { verdict: "REJECT" });
  expect(late.status).toBe(409);
  expect(late.text).toContain("taken back before anybody decided");
});

it("F2: follows the person: a lower role, a deactivation or a policy that leaves them out ends it", async () => {
  const run = await gateThatWaits(kit);
  await kit.token("rita", { role: "APPROVER" });
  const { url } = await linkTo(run.stepId, "rita");
  await kit.db.query(`UPDATE actors SET role = 'VOTER' WHERE name = 'rita'`);
  expect((await look(url)).text).toContain("rita is a voter; this takes an approver");
  expect((await decide(url, { verdict: "REJECT" })).status).toBe(403);
  await kit.db.query(`UPDATE actors SET role = 'APPROVER', deactivated_at = now() WHERE name = 'rita'`);
  expect((await decide(url, { verdict: "REJECT" })).status).toBe(403);
  await kit.db.query(`UPDATE actors SET deactivated_at = NULL WHERE name = 'rita'`);
  const mine = await gateThatWaits(kit, {}, ", approvers: [alan]");
  await expect(linkTo(mine.stepId, "rita")).rejects.toThrow(/not among those who may decide/);
  expect((await decide(url, { verdict: "REJECT" })).status).toBe(303);
});

it("ends when its time is over, or when it is taken back; another's only by an owner", async () => {
  const run = await gateThatWaits(kit);
  const expiring = await linkTo(run.stepId, "alan", 1);
  const revoked = await linkTo(run.stepId);
  await kit.db.query(
    `UPDATE decision_links SET expires_at = now() WHERE id = (SELECT max(id) - 1 FROM decision_links)`,
  );
  expect((await look(expiring.url)).text).toContain("This link has expired.");
  expect((await decide(expiring.url, { verdict: "REJECT" })).status).toBe(403);
  await kit.token("otto", { role: "OPERATOR" });
  const otto = await mutate(kit, "revokeDecisionLink", { linkId: revoked.id }, "otto");
  expect(otto.__typename).toBe("ForbiddenError");
  const ada = await mutate(kit, "revokeDecisionLink", { linkId: revoked.id });
  expect(ada.__typename).toBe("RevokeDecisionLinkSuccess");
  expect((await look(revoked.url)).text).toContain("This link was taken back.");
  expect((await decide(revoked.url, { verdict: "REJECT" })).status).toBe(403);
  expect((await look(`${kit.url}/decide/dl_${"x".repeat(43)}`)).status).toBe(404);
});

it("F8: a link from before is still good after every key was changed", async () => {
  const run = await gateThatWaits(kit);
  const { url } = await linkTo(run.stepId);
  await kit.db.query(`DELETE FROM auth_secrets`);
  await kit.db.query(`UPDATE webhooks SET secret = 'whsec_bmV3'`);
  const restarted = await kit.another();
  const elsewhere = url.replace(kit.url, restarted.url);
  expect((await approve(elsewhere)).status).toBe(303);
});

it("with a quorum it signs off, once, and the gate opens with the last", async () => {
  await kit.token("bea", { role: "APPROVER", kind: "PERSON" });
  const run = await gateThatWaits(kit, {}, ", quorum: 2");
  const links = [await linkTo(run.stepId, "alan"), await linkTo(run.stepId, "alan"), await linkTo(run.stepId, "bea")];
  const [first, again, last] = links.map(({ url }) => url) as [string, string, string];
  expect((await approve(first)).status).toBe(303);
  expect((await look(first)).text).toContain("This link was used");
  expect((await look(again)).text).toContain("1 of 2 have approved this cut");
  const waits = () =>
    kit.db.one<{ status: string }>(
      `SELECT status FROM pipeline_run_steps WHERE pipeline_run_id = $1 AND position = 1`,
      [run.number],
    );
  expect((await waits()).status).toBe("AWAITING_APPROVAL");
  expect((await approve(last)).status).toBe(303);
  expect((await waits()).status).toBe("APPROVED");
});

it("shows the pictures of its own step, while it is good, and no others", async () => {
  const step = "{ name: Form, type: generate, generator: cppn, config: { size: 64 }, n: 2, k: 1, gate: manual }";
  const [shown, other] = [
    await newRun(kit, [step], { reviewFirstStep: true }),
    await newRun(kit, [step], { reviewFirstStep: true }),
  ];
  for (const { stepIds } of [shown, other]) await untilStep(kit, stepIds[0] as string, "AWAITING_APPROVAL");
  const { url } = await linkTo(shown.stepIds[0] as string);
  const pictures = [...(await look(url)).text.matchAll(/src="([^"]+pictures[^"]+)"/g)].map(
    ([, path]) => `${kit.url}${path}`,
  );
  expect(pictures).toHaveLength(2);
  const first = pictures[0] as string;
  const sent = vi.spyOn(pg.Client.prototype, "query");
  const picture = await look(first);
  // A page asks for many, and none of them ranks all candidates to show one.
  const statements = sent.mock.calls.map(([statement]) => String(statement));
  sent.mockRestore();
  expect(statements.filter((sql) => /FROM candidates\s+WHERE pipeline_run_step_id/.test(sql))).toEqual([]);
  expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/webp"]);
  expect(picture.headers.get("cache-control")).toBe("no-store");
  const { id } = await kit.db.one<{ id: number }>(`SELECT max(id) AS id FROM candidates WHERE pipeline_run_id = $1`, [
    other.number,
  ]);
  expect((await look(first.replace(/\d+$/, String(id)))).status).toBe(404);
  expect((await approve(url)).status).toBe(303);
  expect((await look(first)).status).toBe(404);
});

it("lists one's own links, and shows secrets nowhere", async () => {
  const { decisionLinks } = await kit.graphql<{
    decisionLinks: { totalCount: number; edges: { node: { person: { name: string } } }[] };
  }>("{ decisionLinks(first: 50) { totalCount edges { node { person { name } } } } }", {}, { as: "alan" });
  expect(decisionLinks.totalCount).toBeGreaterThan(5);
  expect(new Set(decisionLinks.edges.map(({ node }) => node.person.name))).toEqual(new Set(["alan"]));
  const kept = await kit.db.many<{ hash: string }>(`SELECT secret_hash AS hash FROM decision_links`);
  for (const { hash } of kept) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(kit.logged).toEqual([]);
});
