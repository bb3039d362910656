import type { RunTransaction } from "../db/run-transaction.ts";
import { NotFoundError } from "../errors.ts";
import { expectMore } from "./gates.ts";
import { childStepOf, loadSteps } from "./step-state.ts";

/** G14: behind an OPEN gate new candidates of a step are parents as soon as they are there. */
export async function passOpenGate(
  tx: RunTransaction,
  runStepId: number,
  candidateIds: readonly number[],
): Promise<void> {
  const steps = await loadSteps(tx);
  const step = steps.find(({ id }) => id === runStepId);
  if (!step) throw new NotFoundError("There is no such step.");
  if (step.frozen) {
    await tx.query(`UPDATE candidates SET advancement = 'NOT_ADVANCING' WHERE id = ANY($1)`, [candidateIds]);
    return;
  }
  const child = childStepOf(steps, runStepId);
  const slots = child && child.position === step.position + 1 ? child.maxChildren : 0;
  await tx.query(`UPDATE candidates SET advancement = 'ADVANCING', open_slots = $2 WHERE id = ANY($1)`, [
    candidateIds,
    slots,
  ]);
  if (child && slots > 0) await expectMore(tx, child, slots * candidateIds.length);
}
