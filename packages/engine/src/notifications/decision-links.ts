import { createHash, randomBytes } from "node:crypto";
import { type GateToDecide, whyMayNotDecide } from "../access.ts";
import type { ActorKind, ActorNow, Role } from "../actor.ts";
import { policyPerson } from "../db/policy-person.ts";
import { type Queryable, queryable } from "../db/queryable.ts";
import type { EngineDeps } from "../deps.ts";
import { ForbiddenError } from "../errors.ts";

const PREFIX = "dl_";

/**
 * Makes a link that lets one person decide one approval, once.
 *
 * @param link.hours until it ends
 * @returns the secret, which is shown now and never again. It is random and only its SHA-256 is kept: there is no key
 *   that could be changed and end links that wait.
 */
export async function issueDecisionLink(
  db: Queryable,
  link: { readonly approvalId: number; readonly actorId: number; readonly hours: number },
): Promise<{ readonly id: number; readonly secret: string }> {
  const secret = `${PREFIX}${randomBytes(32).toString("base64url")}`;
  const { id } = await db.one<{ id: number }>(
    `INSERT INTO decision_links (secret_hash, approval_id, actor_id, expires_at)
     VALUES ($1, $2, $3, now() + make_interval(secs => $4)) RETURNING id`,
    [hashOf(secret), link.approvalId, link.actorId, link.hours * 3_600],
  );
  return { id, secret };
}

const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/**
 * A link for a message that is about to be sent; one that could not be sent is taken back.
 *
 * @returns null where this person may not decide the gate (G12), as somebody whom an alert was escalated to
 */
export async function linkForMessage(
  deps: EngineDeps,
  link: { readonly approvalId: number; readonly actorId: number },
): Promise<{ readonly secret: string; revoke(): Promise<void> } | null> {
  const db = queryable(deps.pool);
  const about = await db.maybe<PolicyRow & GateToDecide>(
    `SELECT ${policyPerson("p")}, rs.pipeline_run_id AS "runId", rs.id AS "runStepId",
            r.created_by_id AS "createdById", rs.policy
     FROM approvals a JOIN pipeline_run_steps rs ON rs.id = a.pipeline_run_step_id
     JOIN pipeline_runs r ON r.id = rs.pipeline_run_id JOIN actors p ON p.id = $2 AND p.deactivated_at IS NULL
     WHERE a.id = $1`,
    [link.approvalId, link.actorId],
  );
  if (!about) return null;
  const { name, role, kind, email, ...gate } = about;
  const person: ActorNow = { id: link.actorId, name, role, kind, email, scopes: null, channel: "LINK" };
  if (whyMayNotDecide(person, gate) !== null) return null;
  const { id, secret } = await issueDecisionLink(db, { ...link, hours: DEFAULT_HOURS });
  return {
    secret,
    revoke: async () => void (await db.query(`UPDATE decision_links SET revoked_at = now() WHERE id = $1`, [id])),
  };
}

interface PolicyRow {
  readonly name: string;
  readonly role: Role;
  readonly kind: ActorKind;
  readonly email: string | null;
}

export const DEFAULT_HOURS = 72;
/** A month. */
export const MAX_HOURS = 744;

/** What stands behind a link. */
export interface OpenedLink {
  readonly id: number;
  /** Whose it is, with the role that they have now. */
  readonly actor: ActorNow;
  readonly deactivated: boolean;
  readonly runId: number;
  readonly runStepId: number;
  readonly approvalId: number;
  readonly approvalStatus: "PENDING" | "APPROVED" | "REJECTED" | "CANCELLED" | "SENT_BACK";
  /** Null where it is not decided, or its policy decided. */
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly usedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly expired: boolean;
}

/** Looks a link up, and changes nothing. */
export async function openDecisionLink(db: Queryable, secret: string): Promise<OpenedLink | null> {
  const found = await db.maybe<Omit<OpenedLink, "actor"> & PolicyRow & { actorId: number }>(
    `SELECT l.id, l.actor_id AS "actorId", ${policyPerson("p")}, p.deactivated_at IS NOT NULL AS deactivated,
            a.pipeline_run_id AS "runId", a.pipeline_run_step_id AS "runStepId", a.id AS "approvalId",
            a.status AS "approvalStatus", by.name AS "decidedBy", a.decided_at AS "decidedAt",
            l.used_at AS "usedAt", l.revoked_at AS "revokedAt", l.expires_at <= now() AS expired
     FROM decision_links l JOIN actors p ON p.id = l.actor_id JOIN approvals a ON a.id = l.approval_id
     LEFT JOIN actors by ON by.id = a.decided_by_id
     WHERE l.secret_hash = $1`,
    [hashOf(secret)],
  );
  if (!found) return null;
  const { actorId, name, role, kind, email, ...link } = found;
  return { ...link, actor: { id: actorId, name, role, kind, email, scopes: null, channel: "LINK" } };
}

/**
 * Uses a link up in the transaction of its decision: a decision that is refused leaves it as it was. It is good for the
 * very request that it was made for, so that it can never decide another round or another step.
 *
 * @throws ForbiddenError when it is used, expired, taken back, another's, or made for another request
 */
export async function useDecisionLink(
  tx: Pick<Queryable, "query">,
  use: { readonly linkId: number; readonly actorId: number; readonly approvalId: number },
): Promise<void> {
  const used = await tx.query(
    `UPDATE decision_links l SET used_at = now() FROM actors p
     WHERE l.id = $1 AND l.actor_id = $2 AND l.approval_id = $3
       AND l.used_at IS NULL AND l.revoked_at IS NULL AND l.expires_at > now()
       AND p.id = l.actor_id AND p.deactivated_at IS NULL`,
    [use.linkId, use.actorId, use.approvalId],
  );
  if (used === 0)
    throw new ForbiddenError("This link is not good for this decision any more. Open it again to see why.");
}

/** Why a link decides nothing any more, as a sentence; null while it does. */
export function whyLinkIsOver(link: OpenedLink): string | null {
  if (link.deactivated) return "Whom this link was made for may not do anything here any more.";
  if (link.revokedAt) return "This link was taken back.";
  if (link.usedAt) return "This link was used. Each decides once.";
  if (link.approvalStatus !== "PENDING")
    return "This gate does not wait for the decision that this link was made for any more.";
  return link.expired ? "This link has expired." : null;
}
