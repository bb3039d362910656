import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { whyMayNotDecide } from "../src/access.ts";
import type { Actor, ActorNow } from "../src/actor.ts";
import { approveAllRemaining } from "../src/commands/approve-all-remaining.ts";
import { approveStep } from "../src/commands/approve-step.ts";
import { createDecisionLink } from "../src/commands/create-decision-link.ts";
import { decideApprovals } from "../src/commands/decide-approvals.ts";
import { decideByLink } from "../src/commands/decide-by-link.ts";
import { rejectStep } from "../src/commands/reject-step.ts";
import { sendBackStep } from "../src/commands/send-back-step.ts";
import { ForbiddenError, InvalidInputError, InvalidTopKError, PolicyUnmetError } from "../src/errors.ts";
import { linkForMessage } from "../src/notifications/decision-links.ts";
import { previewApproval } from "../src/queries/preview-approval.ts";
import type { DecisionPolicy } from "../src/rules/decision-policy.ts";
import { type EngineKit, engineKit } from "../src/testing/engine-kit.ts";
import { decisionsOf, type GateScene, gateScene, voteAll } from "./gate-scenes.ts";

const someone: ActorNow = { id: 1, name: "x", kind: "PERSON", role: "APPROVER", scopes: null, channel: "API" };

let kit: EngineKit;
let people: Record<"voter" | "bob" | "cleo" | "operator" | "owner" | "creator", Actor>;
beforeAll(async () => {
  kit = await engineKit();
  await kit.worker();
  people = {
    voter: await kit.newActor("vic", "VOTER"),
    bob: await kit.newActor("bob", "APPROVER"),
    cleo: await kit.newActor("cleo", "APPROVER"),
    operator: await kit.newActor("olga", "OPERATOR"),
    owner: await kit.newActor("oscar", "OWNER"),
    creator: await kit.newActor("carl", "OWNER"),
  };
  await kit.db.query(`UPDATE actors SET email = 'cleo@example.org' WHERE id = $1`, [people.cleo.id]);
});
afterAll(() => kit[Symbol.asyncDispose]());

/** Every way to decide a gate that the engine has. */
const PATHS: Record<string, (actor: Actor, scene: GateScene) => Promise<unknown>> = {
  approveStep: (actor, { runStepId }) => approveStep(kit.engine, actor, { runStepId }),
  rejectStep: (actor, { runStepId }) => rejectStep(kit.engine, actor, { runStepId }),
  approveAllRemaining: (actor, { runId }) => approveAllRemaining(kit.engine, actor, { runId }),
  sendBackStep: (actor, { runStepId }) =>
    sendBackStep(kit.engine, actor, { runStepId, toRunStepId: runStepId, comment: "again" }),
  "decideApprovals, approving": (actor, scene) => inBulk(actor, scene, "APPROVE"),
  "decideApprovals, rejecting": (actor, scene) => inBulk(actor, scene, "REJECT"),
};

async function inBulk(actor: Actor, { runStepId }: GateScene, decision: "APPROVE" | "REJECT"): Promise<void> {
  const { id: approvalId } = await kit.db.one<{ id: number }>(
    `SELECT id FROM approvals WHERE pipeline_run_step_id = $1 AND status = 'PENDING'`,
    [runStepId],
  );
  const [outcome] = await decideApprovals(kit.engine, actor, [{ approvalId, decision }]);
  if (outcome?.error) throw outcome.error;
}

type Person = keyof typeof people;

const POLICIES: readonly [string, DecisionPolicy, { refused: Partial<Record<Person, RegExp>>; taken: Person }][] = [
  ["no policy", {}, { refused: { voter: /vic is a voter; this takes an approver/ }, taken: "bob" }],
  [
    "a role",
    { approvers: { roles: ["OPERATOR"], people: [] } },
    { refused: { voter: /is a voter/, bob: /It takes anybody who is at least an operator/ }, taken: "operator" },
  ],
  [
    "a role, by one above it",
    { approvers: { roles: ["APPROVER"], people: [] } },
    { refused: { voter: /is a voter/ }, taken: "owner" },
  ],
  [
    "named people",
    { approvers: { roles: [], people: ["bob"] } },
    { refused: { cleo: /It takes bob\./, owner: /It takes bob\./ }, taken: "bob" },
  ],
  [
    "people named by email",
    { approvers: { roles: [], people: ["Cleo@example.org"] } },
    { refused: { bob: /It takes Cleo@example\.org\./ }, taken: "cleo" },
  ],
  [
    "a voter who is named",
    { approvers: { roles: [], people: ["vic", "bob"] } },
    { refused: { voter: /this takes an approver/ }, taken: "bob" },
  ],
  ["the creator excluded", { excludeCreator: true }, { refused: { creator: /carl created this run/ }, taken: "bob" }],
];

describe.each(Object.entries(PATHS))("G12, F2: %s", (_path, decide) => {
  it.each(POLICIES)("under %s", async (_policy, policy, { refused, taken }) => {
    const scene = await gateScene(kit, policy, { creator: people.creator });
    for (const [person, reason] of Object.entries(refused)) {
      const refusal = await decide(people[person as Person], scene).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ForbiddenError);
      expect((refusal as Error).message).toMatch(reason);
    }
    expect(await kit.step(scene.runId, 1)).toMatchObject({ status: "AWAITING_APPROVAL", approved: false, round: 1 });
    expect(await decisionsOf(kit, scene.runStepId)).toEqual([]);
    await decide(people[taken], scene);
    expect(await decisionsOf(kit, scene.runStepId)).toMatchObject([{ by: people[taken].name, policy, channel: "API" }]);
  });

  it("as an API key without the scope", async () => {
    const scene = await gateScene(kit, {});
    const key: Actor = { ...people.owner, scopes: ["VIEW", "VOTE", "OPERATE"] };
    await expect(decide(key, scene)).rejects.toThrow("This API key lacks the scope DECIDE.");
    await decide({ ...key, scopes: ["DECIDE"] }, scene);
  });

  it("as somebody who was deactivated, or lost the role, since they were authenticated", async () => {
    const scene = await gateScene(kit, {});
    const gone = await kit.newActor("gone", "APPROVER");
    await kit.db.query(`UPDATE actors SET deactivated_at = now() WHERE id = $1`, [gone.id]);
    await expect(decide(gone, scene)).rejects.toThrow(ForbiddenError);
    const former = await kit.newActor("former", "APPROVER");
    await kit.db.query(`UPDATE actors SET role = 'VIEWER' WHERE id = $1`, [former.id]);
    await expect(decide(former, scene)).rejects.toThrow("former is a viewer; this takes an approver.");
    expect(await kit.step(scene.runId, 1)).toMatchObject({ status: "AWAITING_APPROVAL" });
  });
});

describe("G12, F2: a decision link", () => {
  /** A link made while the gate asked for nothing: what counts is the policy when it is used. */
  async function linkOf(actor: Actor, { runStepId }: GateScene, policy: DecisionPolicy): Promise<string> {
    const set = (value: DecisionPolicy) =>
      kit.db.query(`UPDATE pipeline_run_steps SET policy = $2 WHERE id = $1`, [runStepId, JSON.stringify(value)]);
    await set({});
    const { secret } = await createDecisionLink(kit.engine, actor, { runStepId });
    await set(policy);
    return secret;
  }

  it.each(POLICIES)("under %s", async (_policy, policy, { refused, taken }) => {
    const scene = await gateScene(kit, policy, { creator: people.creator });
    for (const [person, reason] of Object.entries(refused)) {
      const actor = people[person as Person];
      await expect(createDecisionLink(kit.engine, actor, scene)).rejects.toThrow(reason);
      if (actor.role === "VOTER") continue;
      const secret = await linkOf(actor, scene, policy);
      for (const verdict of ["APPROVE", "REJECT"] as const) {
        await expect(decideByLink(kit.engine, secret, { verdict })).rejects.toThrow(reason);
      }
    }
    expect(await decisionsOf(kit, scene.runStepId)).toEqual([]);
    const { secret } = await createDecisionLink(kit.engine, people[taken], scene);
    await decideByLink(kit.engine, secret, { verdict: "APPROVE" });
    expect(await decisionsOf(kit, scene.runStepId)).toMatchObject([{ by: people[taken].name, channel: "LINK" }]);
  });
});

it("an address that somebody wrote for themselves names nobody, not even in a message with a link", async () => {
  const { runStepId } = await gateScene(kit, { approvers: { roles: [], people: ["vip@example.org"] } });
  const mallory = await kit.newActor("mallory", "APPROVER");
  const { id: approvalId } = await kit.db.one<{ id: number }>(
    `UPDATE approvals SET status = status WHERE pipeline_run_step_id = $1 RETURNING id`,
    [runStepId],
  );
  const link = async (verified: boolean) => {
    await kit.db.query(`UPDATE actors SET email = 'vip@example.org', email_verified = $2 WHERE id = $1`, [
      mallory.id,
      verified,
    ]);
    return await linkForMessage(kit.engine, { approvalId, actorId: mallory.id });
  };
  expect(await link(false)).toBeNull();
  expect(await link(true)).not.toBeNull();
});

describe("decision links do not outlive or outrank the key that made them", () => {
  it("a key with scopes makes none, even where they let it decide", async () => {
    const scene = await gateScene(kit, {});
    const refused = createDecisionLink(kit.engine, { ...people.bob, scopes: ["VIEW", "VOTE", "DECIDE"] }, scene);
    await expect(refused).rejects.toThrow(/^A link would outrank this API key, which has scopes\./);
    expect(await linksOf(scene)).toEqual([]);
  });

  it("a key that expires makes links that end with it", async () => {
    const scene = await gateScene(kit, {});
    const expiresAt = new Date(Date.now() + 10 * 3_600_000);
    await createDecisionLink(kit.engine, { ...people.bob, expiresAt }, scene);
    await createDecisionLink(kit.engine, { ...people.bob, expiresAt }, { ...scene, hours: 2 });
    await createDecisionLink(kit.engine, people.bob, scene);
    expect(await linksOf(scene)).toEqual([10, 2, 72]);
  });

  /** In how many hours each ends. */
  const linksOf = async ({ runStepId }: GateScene): Promise<number[]> => {
    const links = await kit.db.many<{ hours: number }>(
      `SELECT round(extract(epoch FROM l.expires_at - now()) / 3600)::int AS hours
       FROM decision_links l JOIN approvals a ON a.id = l.approval_id WHERE a.pipeline_run_step_id = $1 ORDER BY l.id`,
      [runStepId],
    );
    return links.map(({ hours }) => hours);
  };
});

describe("F17: nobody is locked out who may decide", () => {
  it.each(["APPROVER", "OPERATOR", "OWNER"] as const)(
    "an installation of %s people alone decides role:approver gates",
    (role) => {
      const gate = {
        runId: 1,
        runStepId: 1,
        createdById: null,
        policy: { approvers: { roles: ["APPROVER"], people: [] } },
      } as const;
      expect(whyMayNotDecide({ ...someone, role, channel: "DASHBOARD" }, gate)).toBeNull();
    },
  );

  it("a run whose creator nobody knows any more is decided by anybody who may", () => {
    const gate = { runId: 1, runStepId: 1, createdById: null, policy: { excludeCreator: true } };
    expect(whyMayNotDecide({ ...someone, channel: "LINK" }, gate)).toBeNull();
  });

  it("nobody becomes an approver by taking an address for a name", () => {
    const gate = {
      runId: 1,
      runStepId: 1,
      createdById: null,
      policy: { approvers: { roles: [], people: ["bob@example.org"] } },
    };
    const mallory = { ...someone, name: "bob@example.org", role: "OWNER", channel: "API" } as const;
    expect(whyMayNotDecide(mallory, gate)).toMatch(/It takes bob@example\.org/);
    expect(whyMayNotDecide({ ...mallory, name: "bob", email: "bob@example.org" }, gate)).toBeNull();
  });

  it("a policy decides only where there is an automatic one", () => {
    const gate = { runId: 1, runStepId: 1, createdById: null };
    expect(whyMayNotDecide("POLICY", { ...gate, policy: {} })).toMatch(/no automatic policy/);
    expect(whyMayNotDecide("POLICY", { ...gate, policy: { automatic: { votes: 1, elo: 900 } } })).toBeNull();
  });
});

describe("F3: what a client says about a decision is not believed", () => {
  it("decidedBy is who was authenticated, and what advances is the ranking's", async () => {
    const scene = await gateScene(kit, {});
    const forged = { runStepId: scene.runStepId, decidedById: people.owner.id, decidedBy: "oscar", advancing: [1, 2] };
    await approveStep(kit.engine, people.bob, { ...forged, topK: 1 });
    expect(await decisionsOf(kit, scene.runStepId)).toMatchObject([{ by: "bob", topK: 1 }]);
    const rows = await kit.candidates(scene.runId, 1);
    expect(rows.filter(({ advancement }) => advancement === "ADVANCING")).toHaveLength(1);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 31])("K %s is refused, and nothing changes", async (topK) => {
    const scene = await gateScene(kit, {});
    await expect(approveStep(kit.engine, people.bob, { ...scene, topK })).rejects.toThrow(InvalidTopKError);
    await expect(approveAllRemaining(kit.engine, people.bob, { ...scene, topK })).rejects.toThrow(InvalidTopKError);
    expect(await kit.step(scene.runId, 1)).toMatchObject({ status: "AWAITING_APPROVAL", topKCount: 2 });
  });
});

describe("a minimum of votes and of confidence", () => {
  it("blocks an approval until it is reached", async () => {
    const scene = await gateScene(kit, { minVotes: 2 });
    await voteAll(kit, people.bob, { ...scene, candidates: scene.candidates.slice(0, 2) });
    const { runStepId } = scene;
    const refusal = await approveStep(kit.engine, people.bob, { runStepId }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PolicyUnmetError);
    expect(refusal).toMatchObject({
      overridable: true,
      unmet: ["3 of 3 candidates have fewer than 2 votes (the fewest is 0)."],
    });
    expect(await previewApproval(kit.engine, runStepId)).toMatchObject({
      needsOverride: true,
      unmet: ["3 of 3 candidates have fewer than 2 votes (the fewest is 0)."],
      blockers: ["3 of 3 candidates have fewer than 2 votes (the fewest is 0)."],
    });
    await voteAll(kit, people.cleo, scene);
    expect(await previewApproval(kit.engine, runStepId)).toMatchObject({
      needsOverride: false,
      unmet: [],
      blockers: [],
    });
    await approveStep(kit.engine, people.bob, { runStepId, overrideReason: "to be sure" });
    // What overrode nothing is not shown as if it had.
    expect(await decisionsOf(kit, runStepId)).toMatchObject([{ status: "APPROVED", overrideReason: null }]);
  });

  it("a confidence that is short of it never reads as if it were reached", async () => {
    const { runStepId } = await gateScene(kit, { minConfidence: 0.8 });
    const { topKConfidence, unmet } = await previewApproval(kit.engine, runStepId);
    expect(topKConfidence).toBeLessThan(0.8);
    expect(unmet).toEqual([`The cut is ${Math.floor(topKConfidence * 1_000) / 10} % sure, and 80 % are needed.`]);
    await expect(approveStep(kit.engine, people.bob, { runStepId })).rejects.toThrow(PolicyUnmetError);
    // All advance: there is nothing to be unsure of.
    await approveStep(kit.engine, people.bob, { runStepId, topK: 3 });
  });

  it("an override takes a reason, which is kept", async () => {
    const { runStepId } = await gateScene(kit, { minVotes: 5, minConfidence: 0.9 });
    for (const overrideReason of ["", "   ", null, undefined]) {
      await expect(approveStep(kit.engine, people.bob, { runStepId, overrideReason })).rejects.toThrow(
        PolicyUnmetError,
      );
    }
    await expect(approveStep(kit.engine, people.bob, { runStepId, overrideReason: "x".repeat(2_001) })).rejects.toThrow(
      InvalidInputError,
    );
    await approveStep(kit.engine, people.bob, { runStepId, overrideReason: " The deadline is tonight. " });
    expect(await decisionsOf(kit, runStepId)).toMatchObject([
      { by: "bob", overrideReason: "The deadline is tonight." },
    ]);
  });

  it("a rejection needs neither", async () => {
    const { runStepId } = await gateScene(kit, { minVotes: 5 });
    await rejectStep(kit.engine, people.bob, { runStepId });
    expect(await decisionsOf(kit, runStepId)).toMatchObject([{ status: "REJECTED", by: "bob" }]);
  });

  it("F5: a lone candidate, which nobody can compare, needs no votes", async () => {
    const { runStepId } = await gateScene(kit, { minVotes: 5, minConfidence: 0.9 }, { candidates: 1 });
    await approveStep(kit.engine, people.bob, { runStepId });
  });

  it("G9: approving all remaining takes a reason where a later gate asks for what nobody can know yet", async () => {
    const { runId, runStepId } = await gateScene(kit, {}, { after: [{ policy: { minVotes: 3 } }] });
    await expect(approveAllRemaining(kit.engine, people.bob, { runId })).rejects.toThrow(
      /Step 2 \(Step 2\) asks for votes or confidence that nobody can know/,
    );
    expect(await kit.step(runId, 1)).toMatchObject({ status: "AWAITING_APPROVAL" });
    await approveAllRemaining(kit.engine, people.bob, { runId, overrideReason: "A rehearsal." });
    await kit.untilRun(runId, "COMPLETED");
    expect(await decisionsOf(kit, runStepId)).toMatchObject([{ overrideReason: null }]);
    const { id } = await kit.step(runId, 2);
    expect(await decisionsOf(kit, id)).toMatchObject([{ by: "bob", overrideReason: "A rehearsal." }]);
  });

  it("G9, G12: approving all remaining asks every gate, and none opens where one refuses", async () => {
    const later = { policy: { approvers: { roles: [], people: ["cleo"] } } };
    const { runId } = await gateScene(kit, {}, { after: [later] });
    await expect(approveAllRemaining(kit.engine, people.bob, { runId })).rejects.toThrow("It takes cleo.");
    expect((await kit.steps(runId)).map(({ approved }) => approved)).toEqual([false, false]);
    await approveAllRemaining(kit.engine, people.cleo, { runId });
  });
});
