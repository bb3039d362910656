import {
  type AttemptOutcome,
  type ClaimedDelivery,
  cancelDelivery,
  type DeliveryState,
  type EngineDeps,
  recordAttempt,
  whyNotToSend,
} from "@sluice/engine";
import type { Mailer } from "./mailer.ts";
import type { NetworkGuard } from "./receiver-guard.ts";
import { sendEmail } from "./send-email.ts";
import { sendWebhook } from "./send-webhook.ts";

export interface DeliverDeps {
  readonly engine: EngineDeps;
  readonly guard: NetworkGuard;
  /** Null where mail is not set up. */
  readonly mailer: Mailer | null;
  /** Where people reach the dashboard. */
  readonly origin: () => string;
  /** For the head of a receiver's answer. */
  readonly timeoutMs: number;
  /** After each failed attempt, in milliseconds; then it is given up. */
  readonly delays: readonly number[];
  /** Aborts when the server stops. */
  readonly signal: AbortSignal;
}

export interface AttemptMade {
  readonly deliveryId: number;
  readonly attempt: number;
  readonly state: DeliveryState | "CANCELLED";
  readonly error: string | null;
}

/** Makes one attempt at a delivery that was claimed, and writes down how it went. */
export async function deliver(deps: DeliverDeps, delivery: ClaimedDelivery): Promise<AttemptMade> {
  const made = { deliveryId: delivery.id, attempt: delivery.attempt };
  const reason = await whyNotToSend(deps.engine, delivery);
  if (reason !== null) {
    await cancelDelivery(deps.engine, delivery, reason);
    return { ...made, state: "CANCELLED", error: reason };
  }
  const begun = performance.now();
  const outcome = await send(deps, delivery);
  const durationMs = performance.now() - begun;
  const state = await recordAttempt(deps.engine, delivery, { ...outcome, durationMs }, deps.delays);
  return { ...made, state, error: outcome.error };
}

async function send(deps: DeliverDeps, delivery: ClaimedDelivery): Promise<Omit<AttemptOutcome, "durationMs">> {
  const { engine, mailer, origin } = deps;
  if (delivery.channel === "WEBHOOK") return await sendWebhook(deps, delivery);
  if (!mailer) throw new Error("A mail was claimed by a server that cannot send any.");
  return await sendEmail({ engine, mailer, origin }, delivery);
}
