import { checkStalls } from "@sluice/engine";
import type { ProcessKit, ServerProcess } from "./server-process.ts";
import { type WaitingGate, waitingGate } from "./waiting-gate.ts";

export interface StalledGate extends WaitingGate {
  /** The alert's id over the API. */
  readonly alertId: string;
}

/**
 * A run whose gate has waited for longer than allowed, and its alert. Somebody has to make
 * the candidates of the pipeline "Text".
 */
export async function stalledGate(kit: ProcessKit, server: ServerProcess): Promise<StalledGate> {
  const gate = await waitingGate(kit, server, 2);
  await kit.db.query(`UPDATE approvals SET requested_at = now() - interval '25 hours' WHERE pipeline_run_id = $1`, [
    gate.run,
  ]);
  const alerts = (): Promise<{ id: number }[]> =>
    kit.db.many(`SELECT id FROM alerts WHERE pipeline_run_id = $1`, [gate.run]);
  // The servers look too, every two seconds: whoever is first raises it.
  await checkStalls(kit.engine);
  const [alert] = await alerts();
  return { ...gate, alertId: Buffer.from(`Alert:${alert?.id}`).toString("base64") };
}
