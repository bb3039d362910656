import { type AttemptOutcome, type ClaimedDelivery, InvalidInputError } from "@sluice/engine";
import { Webhook } from "standardwebhooks";
import { type Answer, post } from "./post.ts";
import { type NetworkGuard, RefusedAddressError } from "./receiver-guard.ts";

export interface SendWebhookDeps {
  readonly guard: NetworkGuard;
  readonly timeoutMs: number;
  /** Aborts when the server stops. */
  readonly signal: AbortSignal;
}

type Outcome = Omit<AttemptOutcome, "durationMs">;

/**
 * Sends a message as Standard Webhooks has it, and says in words what came of it. While a secret is being changed over,
 * there is a signature by each.
 */
export async function sendWebhook(deps: SendWebhookDeps, delivery: ClaimedDelivery): Promise<Outcome> {
  const body = JSON.stringify(delivery.payload);
  const id = `msg_${delivery.messageId.replaceAll("-", "")}`;
  const now = new Date();
  const signatures = (delivery.webhook?.secrets ?? []).map((secret) => new Webhook(secret).sign(id, now, body));
  try {
    const answer = await post(delivery.address, {
      ...deps,
      body,
      headers: {
        "content-type": "application/json",
        "user-agent": "Sluice-Webhooks/1",
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
        "webhook-signature": signatures.join(" "),
      },
    });
    return judge(answer, now);
  } catch (error) {
    return { status: null, error: explain(error, deps) };
  }
}

function judge({ status, retryAfter }: Answer, now: Date): Outcome {
  if (status >= 200 && status < 300) return { status, error: null };
  if (status === 410) {
    return { status, gone: true, error: "The receiver answered 410 Gone, so its webhook was switched off." };
  }
  if (status >= 300 && status < 400) {
    return {
      status,
      error: `The receiver answered ${status}, a redirect. Sluice follows none: enter the final address.`,
    };
  }
  return { status, error: `The receiver answered ${status}.`, retryAfterMs: retryAfterMs(retryAfter, now) };
}

/** A number of seconds, or a date. */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header.trim()) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime());
}

/** In words and without the address, which may hold a secret of the receiver's. */
function explain(error: unknown, { timeoutMs, signal }: SendWebhookDeps): string {
  if (signal.aborted) return "The server stopped while it was sending.";
  if (error instanceof RefusedAddressError || error instanceof InvalidInputError) return error.message;
  const { name, code } = error as NodeJS.ErrnoException;
  if (name === "TimeoutError") return `The receiver did not answer within ${timeoutMs / 1_000} s.`;
  return REASONS[code ?? ""] ?? `The connection to the receiver failed (${code ?? name}).`;
}

const REASONS: { readonly [code: string]: string } = {
  ECONNREFUSED: "The receiver refused the connection. Nothing listens at that address.",
  ECONNRESET: "The receiver closed the connection before it answered.",
  ENOTFOUND: "The name of the receiver cannot be resolved.",
  EAI_AGAIN: "The name of the receiver cannot be resolved for now.",
  EHOSTUNREACH: "There is no way to the receiver.",
  CERT_HAS_EXPIRED: "The receiver's certificate has expired.",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The receiver's certificate is self-signed.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "The receiver's certificate cannot be verified.",
  ERR_TLS_CERT_ALTNAME_INVALID: "The receiver's certificate is for another name.",
};
