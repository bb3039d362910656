import { parseArgs } from "node:util";
import { checkDatabase, SetupError } from "@sluice/db";
import { type AuditHead, parseAuditHead, verifyAudit } from "@sluice/engine";
import type { Settings } from "../env.ts";
import { openPool } from "../open-pool.ts";
import { databaseUrlOf } from "../worker.ts";

/**
 * `sluice verify-audit [--head id:hash]`: whether the audit chain is as it was written.
 *
 * @returns what to print
 * @throws SetupError when it is not, with what is wrong
 */
export async function verifyAuditCommand(
  args: readonly string[],
  settings: Pick<Settings, "databaseUrl" | "dataDir">,
): Promise<string> {
  const expectedHead = headOf(args);
  const url = databaseUrlOf(settings);
  await checkDatabase(url);
  const pool = openPool(url, () => {});
  try {
    const { head, problem, entries } = await verifyAudit({ pool }, { expectedHead });
    if (problem) throw new SetupError(`The audit chain is not whole. ${problem.message}`);
    if (!head) return "The audit chain is whole: nothing was decided yet.";
    return `The audit chain is whole: ${entries} ${entries === 1 ? "entry" : "entries"}. Its end is ${head.id}:${head.hash}`;
  } finally {
    await pool.end();
  }
}

function headOf(args: readonly string[]): AuditHead | undefined {
  const message = "--head takes the end that an earlier verify-audit printed: a place and a hash, such as 12:9f86….";
  let text: string | undefined;
  try {
    text = parseArgs({ args: [...args], options: { head: { type: "string" } } }).values.head;
  } catch (error) {
    throw new SetupError(`${(error as Error).message}\n${message}`);
  }
  if (text === undefined) return undefined;
  const head = parseAuditHead(text);
  if (!head) throw new SetupError(message);
  return head;
}
