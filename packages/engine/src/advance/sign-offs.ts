import { type GateToDecide, whyMayNotDecide } from "../access.ts";
import type { Actor, ActorKind, Role } from "../actor.ts";
import { policyPerson } from "../db/policy-person.ts";
import type { Queryable } from "../db/queryable.ts";
import type { RunTransaction } from "../db/run-transaction.ts";

/** What somebody consents to: so many, and exactly these. */
export interface Cut {
  readonly topK: number;
  /** Ids of the candidates that would advance, ascending. */
  readonly advancing: readonly number[];
}

/** Somebody's consent that is in force, with what decides whether it counts. */
export interface SignOff extends Cut {
  readonly id: number;
  readonly approvalId: number;
  readonly actorId: number;
  readonly comment: string | null;
  readonly createdAt: Date;
  /** As the person is now. */
  readonly name: string;
  readonly role: Role;
  readonly kind: ActorKind;
  readonly email: string | null;
  readonly deactivated: boolean;
}

/** Consents in force of some requests, the oldest first: one of each person and request at the most. */
export async function loadSignOffs(db: Pick<Queryable, "many">, approvalIds: readonly number[]): Promise<SignOff[]> {
  return await db.many(
    `SELECT s.id, s.approval_id AS "approvalId", s.actor_id AS "actorId", s.top_k AS "topK", s.advancing, s.comment,
            s.created_at AS "createdAt", ${policyPerson("a")}, a.deactivated_at IS NOT NULL AS deactivated
     FROM sign_offs s JOIN actors a ON a.id = s.actor_id
     WHERE s.approval_id = ANY($1) AND s.withdrawn_at IS NULL ORDER BY s.id`,
    [approvalIds],
  );
}

/** Records a consent; an earlier one of the same person to the same request is replaced by it. */
export async function addSignOff(
  tx: RunTransaction,
  signOff: Cut & {
    readonly approvalId: number;
    readonly actor: Actor;
    readonly rankingVersion: number;
    readonly comment: string | null;
    readonly overrideReason: string | null;
  },
): Promise<void> {
  await tx.query(
    `UPDATE sign_offs SET withdrawn_at = now() WHERE approval_id = $1 AND actor_id = $2 AND withdrawn_at IS NULL`,
    [signOff.approvalId, signOff.actor.id],
  );
  await tx.query(
    `INSERT INTO sign_offs (approval_id, actor_id, top_k, ranking_version, advancing, comment, channel, override_reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7::channel, $8)`,
    [
      signOff.approvalId,
      signOff.actor.id,
      signOff.topK,
      signOff.rankingVersion,
      signOff.advancing,
      signOff.comment,
      signOff.actor.channel,
      signOff.overrideReason,
    ],
  );
}

/** The cut that a K makes of candidates in their order. */
export function cutOf(ranked: readonly { readonly id: number }[], topK: number): Cut {
  const advancing = ranked.slice(0, topK).map(({ id }) => id);
  return { topK, advancing: advancing.toSorted((a, b) => a - b) };
}

/** Those of `signOffs` that count for a cut: by people who may decide the gate now, to exactly this K and this set. */
export function countingFor<S extends SignOff>(signOffs: readonly S[], gate: GateToDecide, cut: Cut): S[] {
  return signOffs.filter((signOff) => stillMay(signOff, gate) && isSameCut(signOff, cut));
}

/** Those of people who may decide the gate now that are for another cut than this: another K, or other candidates. */
export function otherThan<S extends SignOff>(signOffs: readonly S[], gate: GateToDecide, cut: Cut): S[] {
  return signOffs.filter((signOff) => stillMay(signOff, gate) && !isSameCut(signOff, cut));
}

/**
 * Those that count for the cut on which most agree, of the cuts that the ranking still makes: "1 of 2" counts these.
 *
 * @param ranked best first
 */
export function countingNow<S extends SignOff>(
  signOffs: readonly S[],
  gate: GateToDecide,
  ranked: readonly { readonly id: number }[],
): S[] {
  const perCut = [...new Set(signOffs.map(({ topK }) => topK))].map((k) =>
    countingFor(signOffs, gate, cutOf(ranked, k)),
  );
  return perCut.reduce((most, each) => (each.length > most.length ? each : most), []);
}

/** The key that somebody came with narrowed what they could do then; what is asked now is the person's role. */
function stillMay({ actorId, name, role, kind, email, deactivated }: SignOff, gate: GateToDecide): boolean {
  if (deactivated) return false;
  return whyMayNotDecide({ id: actorId, name, role, kind, email, scopes: null, channel: "API" }, gate) === null;
}

export function isSameCut(a: Cut, b: Cut): boolean {
  return (
    a.topK === b.topK &&
    a.advancing.length === b.advancing.length &&
    a.advancing.every((id, i) => id === b.advancing[i])
  );
}

/** What several people said with their sign-offs, each under their name; one's words alone stay as they are. */
export function jointComment(signOffs: readonly SignOff[]): string | null {
  const said = signOffs.filter(({ comment }) => comment !== null);
  if (said.length <= 1) return said[0]?.comment ?? null;
  return said.map(({ name, comment }) => `${name}: ${comment}`).join("\n");
}
