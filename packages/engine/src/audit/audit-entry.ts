import { createHash } from "node:crypto";
import type { Channel, Role } from "../actor.ts";
import type { DecisionPolicy } from "../rules/decision-policy.ts";

/**
 * What the chain records: how a gate was decided, a consent where several people have to give theirs, a request that
 * nobody answered, a candidate that a person took out or in again, candidates that came from elsewhere, and another budget.
 * `approved_in_advance` is a gate that was opened before its
 * step had settled, by approving all that remain.
 */
export const AUDIT_TYPES = [
  "approved",
  "approved_by_policy",
  "approved_in_advance",
  "rejected",
  "sent_back",
  "signed_off",
  "sign_off_withdrawn",
  "cancelled",
  "candidate_rejected",
  "candidate_restored",
  "candidates_imported",
  "budget_changed",
] as const;
export type AuditType = (typeof AUDIT_TYPES)[number];

/** A candidate as the one who decided saw it. */
export interface ShownCandidate {
  readonly id: number;
  readonly elo: number;
  readonly voteCount: number;
  /** It came through, or would have with this sign-off. */
  readonly advances: boolean;
}

/** A candidate that was taken out by hand, whatever its rating, or in again. */
export interface ChangedCandidate {
  readonly id: number;
  /** Another one is made in its place; of one that is in again, another one was, and stays beside it. */
  readonly replaced: boolean;
  /** What advances was fixed already: it is a parent no more. Before that, it is one less to choose from. */
  readonly afterDecision: boolean;
}

/** A candidate that was made elsewhere. */
export interface ImportedCandidate {
  readonly id: number;
  /** Where it comes from, as whoever brought it says. */
  readonly source: string | null;
}

/** What a run may spend from its beginning on; null is without a limit. */
export interface BudgetLimits {
  readonly maxJobs: number | null;
  readonly maxCostUsd: number | null;
}

export interface BudgetChange {
  readonly before: BudgetLimits;
  readonly after: BudgetLimits;
}

/** Something to be added to the chain. Place, time and hash are given when it is. */
export interface AuditRecord {
  readonly type: AuditType;
  readonly step: { readonly id: number; readonly position: number; readonly name: string; readonly round: number };
  readonly approvalId: number | null;
  /** Null where no person did it. */
  readonly actor: { readonly id: number; readonly name: string; readonly role: Role } | null;
  readonly channel: Channel | null;
  /** Null where nothing advances. */
  readonly topK: number | null;
  readonly rankingVersion: number | null;
  /** Best first; null where nothing was there to be seen. */
  readonly shown: readonly ShownCandidate[] | null;
  /** Of the cut, 0 to 1. */
  readonly confidence: number | null;
  readonly comment: string | null;
  readonly overrideReason: string | null;
  readonly policy: DecisionPolicy | null;
  /** Since when the request waited; null where nobody had been asked. */
  readonly requestedAt: Date | null;
  /** Position of the step that the run went back to. */
  readonly sentBackTo: number | null;
  /** Which candidate was taken out or in again; only in `candidate_rejected` and `candidate_restored`. */
  readonly candidate?: ChangedCandidate;
  /** In the order in which they came; only in `candidates_imported`. */
  readonly imported?: readonly ImportedCandidate[];
  /** Only in `budget_changed`, whose step is the one at which the run was. */
  readonly budget?: BudgetChange;
}

/** The content of an entry: what is hashed, as canonical JSON. Times are ISO 8601 in UTC. */
export interface AuditEntryContent extends Omit<AuditRecord, "requestedAt"> {
  /** Place in the chain, from 1, without gaps. */
  readonly id: number;
  readonly at: string;
  readonly run: { readonly id: number; readonly name: string };
  readonly requestedAt: string | null;
  readonly waitedSeconds: number | null;
}

/** The last entry of a chain: who keeps it elsewhere notices when anything before it, or it, is not there any more. */
export interface AuditHead {
  readonly id: number;
  /** 64 hexadecimal digits. */
  readonly hash: string;
}

/** @returns the end that a text such as `12:9f86…` names; null where it names none */
export function parseAuditHead(text: string): AuditHead | null {
  const [, id, hash] = /^(\d{1,10}):([0-9a-f]{64})$/.exec(text.trim().toLowerCase()) ?? [];
  return id && hash ? { id: Number(id), hash } : null;
}

/** What the first entry follows. */
export const CHAIN_START: AuditHead = { id: 0, hash: "0".repeat(64) };

/** SHA-256, in hex, of the hash before, a line feed, and the entry's text. */
export function auditHash(previousHash: string, entry: string): string {
  return createHash("sha256").update(`${previousHash}\n${entry}`, "utf8").digest("hex");
}
