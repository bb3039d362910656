import type { EngineDeps } from "../deps.ts";
import { type AuditEntryContent, type AuditHead, auditHash, CHAIN_START } from "./audit-entry.ts";
import { type AuditRow, readAudit } from "./read-audit.ts";

/** What is wrong with a chain. */
export type AuditProblemKind = "CHANGED" | "MISSING" | "MOVED";

export interface AuditProblem {
  readonly kind: AuditProblemKind;
  /** The first place at which it shows. */
  readonly id: number;
  /** A sentence for people. */
  readonly message: string;
}

export interface AuditVerdict {
  /** Nothing in it was changed, taken out or moved. */
  readonly whole: boolean;
  /** How many entries were found to be in order, from the first. */
  readonly entries: number;
  /** The last of those; null where there is none. Kept elsewhere, it shows later that nothing up to it is gone. */
  readonly head: AuditHead | null;
  /** Null when it is whole. */
  readonly problem: AuditProblem | null;
}

/**
 * Walks the whole chain and says whether it is as it was written, or where it is not.
 *
 * Entries that were cut off its end, and a chain that was hashed anew from some place on, look whole from within: both
 * show against a head that was kept elsewhere.
 *
 * @param options.expectedHead an end that the chain had once
 */
export async function verifyAudit(
  deps: Pick<EngineDeps, "pool">,
  options: { readonly expectedHead?: AuditHead | undefined; readonly page?: number } = {},
): Promise<AuditVerdict> {
  let head = CHAIN_START;
  const verdict = (problem: AuditProblem | null): AuditVerdict => ({
    whole: problem === null,
    entries: head.id,
    head: head.id === 0 ? null : head,
    problem,
  });
  for await (const page of readAudit(deps, { ...(options.page && { page: options.page }) })) {
    for (const row of page) {
      const problem = problemOf(row, head) ?? againstHead(row, options.expectedHead);
      if (problem) return verdict(problem);
      head = { id: row.id, hash: row.hash };
    }
  }
  const expected = options.expectedHead;
  if (expected && expected.id > head.id) {
    return verdict({
      kind: "MISSING",
      id: head.id + 1,
      message: `The chain ends at entry ${head.id}, but had an entry ${expected.id}: what followed was cut off.`,
    });
  }
  return verdict(null);
}

function problemOf(row: AuditRow, before: AuditHead): AuditProblem | null {
  const place = before.id + 1;
  if (row.id > place) {
    return { kind: "MISSING", id: place, message: `Entry ${place} is missing; the next one is ${row.id}.` };
  }
  if (row.id < place) {
    return { kind: "CHANGED", id: row.id, message: `Entry ${row.id} was put before the chain's beginning.` };
  }
  const changed = (what: string): AuditProblem => ({ kind: "CHANGED", id: place, message: `Entry ${place} ${what}.` });
  const content = contentOf(row.entry);
  if (!content) return changed("was changed: its text is no JSON");
  if (content.id !== row.id) {
    return { kind: "MOVED", id: place, message: `Entry ${place} was written as entry ${content.id}: it was moved.` };
  }
  if (row.hash !== auditHash(row.previousHash, row.entry)) return changed("was changed: its hash is another");
  if (row.previousHash !== before.hash) {
    return changed(`does not follow entry ${before.id}: that one was written anew, or this one was`);
  }
  if (!isAsWritten(row, content)) return changed("was changed: what it is listed by is not what its text says");
  return null;
}

function contentOf(entry: string): AuditEntryContent | null {
  try {
    const content: unknown = JSON.parse(entry);
    return typeof content === "object" ? (content as AuditEntryContent | null) : null;
  } catch {
    return null;
  }
}

/** The columns that lists filter by are not hashed themselves: the text says what they have to be. */
function isAsWritten(row: AuditRow, content: AuditEntryContent): boolean {
  return (
    row.at.toISOString() === content.at &&
    row.runId === content.run?.id &&
    row.runStepId === content.step?.id &&
    row.approvalId === content.approvalId &&
    row.type === content.type &&
    row.actorId === (content.actor?.id ?? null) &&
    row.actorName === (content.actor?.name ?? null) &&
    row.channel === content.channel
  );
}

function againstHead(row: AuditRow, expected: AuditHead | undefined): AuditProblem | null {
  if (expected?.id !== row.id || expected.hash === row.hash) return null;
  const message = `Entry ${row.id} has another hash than the one that was kept: the chain was written anew up to here.`;
  return { kind: "CHANGED", id: row.id, message };
}
