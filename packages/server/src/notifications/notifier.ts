import {
  type AttemptOutcome,
  beginFeed,
  type ClaimedDelivery,
  cancelDelivery,
  claimDeliveries,
  type DeliveryState,
  type EngineDeps,
  feedHasNews,
  NOTIFICATIONS_FEED,
  RETRY_DELAYS,
  recordAttempt,
  whyNotToSend,
  writeDeliveries,
} from "@sluice/engine";
import { encodeNodeId } from "@sluice/schema";
import type { Mailer } from "./mailer.ts";
import type { NetworkGuard } from "./receiver-guard.ts";
import { sendEmail } from "./send-email.ts";
import { sendWebhook } from "./send-webhook.ts";

/** How patient it is. Tests have less patience. */
export interface NotifierOptions {
  /** After each failed attempt, in milliseconds; then it is given up. */
  readonly delays?: readonly number[];
  /** Between looks, in milliseconds. */
  readonly intervalMs?: number;
  /** For the head of a receiver's answer. */
  readonly timeoutMs?: number;
  /** Hears of each attempt, once it is written down. */
  readonly onAttempt?: (attempt: AttemptMade) => void;
}

export interface AttemptMade {
  readonly deliveryId: number;
  readonly attempt: number;
  readonly state: DeliveryState | "CANCELLED";
  readonly error: string | null;
}

export interface NotifierDeps {
  readonly engine: EngineDeps;
  readonly guard: NetworkGuard;
  /** Null where mail is not set up. */
  readonly mailer: Mailer | null;
  /** Where people reach the dashboard. */
  readonly origin: () => string;
  readonly onError: (error: unknown) => void;
  /** Hears, in a sentence, of what was given up. */
  readonly onWarning: (message: string) => void;
  readonly options?: NotifierOptions | undefined;
}

/** More than an attempt may take: the name, the connection and the answer, or a slow mail server. */
const LEASE_MS = 120_000;
const AT_ONCE = 20;
const PER_RECEIVER = 4;
/** How long what is on its way may take when the server stops. */
const GRACE_MS = 2_000;

/**
 * Tells receivers what happens: follows the events of all runs, writes deliveries, and sends what is due. Any number of
 * servers may do so on one database. Nothing waits for it, and it holds no transaction open while it sends.
 *
 * @returns once everything that is committed from then on will be told
 */
export async function startNotifier(deps: NotifierDeps): Promise<AsyncDisposable> {
  const { engine, onError, options = {} } = deps;
  const { delays = RETRY_DELAYS, intervalMs = 1_000, timeoutMs = 10_000 } = options;
  await beginFeed(engine, NOTIFICATIONS_FEED);
  const stopping = new AbortController();
  const aborting = new AbortController();
  const sending = new Map<number, { readonly receiver: number; readonly done: Promise<void> }>();
  let endPause = (): void => {};

  const attempt = async (delivery: ClaimedDelivery): Promise<AttemptMade> => {
    const made = { deliveryId: delivery.id, attempt: delivery.attempt };
    const reason = await whyNotToSend(engine, delivery);
    if (reason !== null) {
      await cancelDelivery(engine, delivery, reason);
      return { ...made, state: "CANCELLED", error: reason };
    }
    const begun = performance.now();
    const outcome = await send(delivery);
    const durationMs = performance.now() - begun;
    return {
      ...made,
      state: await recordAttempt(engine, delivery, { ...outcome, durationMs }, delays),
      error: outcome.error,
    };
  };
  const send = async (delivery: ClaimedDelivery): Promise<Omit<AttemptOutcome, "durationMs">> => {
    if (delivery.channel === "WEBHOOK") {
      return await sendWebhook({ guard: deps.guard, timeoutMs, signal: aborting.signal }, delivery);
    }
    const { mailer, origin } = deps;
    if (!mailer) return { status: null, error: "Mail is not set up on this server." };
    return await sendEmail({ engine, mailer, origin }, delivery);
  };
  const launch = (delivery: ClaimedDelivery): void => {
    const done = attempt(delivery)
      .then((made) => {
        if (made.state === "FAILED") {
          deps.onWarning(`Delivery ${made.deliveryId} was given up after ${made.attempt} attempts. ${made.error}`);
        }
        options.onAttempt?.(made);
      })
      // Written down or not, it is tried again when its lease ends.
      .catch(onError)
      .finally(() => {
        sending.delete(delivery.id);
        endPause();
      });
    sending.set(delivery.id, { receiver: delivery.webhook?.id ?? 0, done });
  };
  const tell = async (): Promise<void> => {
    const email = deps.mailer !== null;
    const outbox = { email, origin: deps.origin(), idOf: encodeNodeId };
    while (!stopping.signal.aborted && (await feedHasNews(engine, NOTIFICATIONS_FEED))) {
      if (!(await writeDeliveries(engine, outbox))) break;
    }
    const limit = AT_ONCE - sending.size;
    const busy = receiversWith(PER_RECEIVER, [...sending.values()]);
    const due = await claimDeliveries(engine, { leaseMs: LEASE_MS, limit, perReceiver: PER_RECEIVER, busy });
    for (const delivery of due) launch(delivery);
    if (due.length > 0) endPause();
  };
  const follow = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      endPause = resolve;
      await tell().catch(onError);
      const timer = setTimeout(resolve, intervalMs);
      await promise;
      clearTimeout(timer);
    }
  };

  const following = follow();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      endPause();
      await following;
      const patience = setTimeout(() => aborting.abort(), GRACE_MS);
      await Promise.all([...sending.values()].map(({ done }) => done));
      clearTimeout(patience);
    },
  };
}

/** Receivers that have this many deliveries on their way. */
function receiversWith(count: number, sending: readonly { readonly receiver: number }[]): number[] {
  const groups = Map.groupBy(sending, ({ receiver }) => receiver);
  return [...groups].flatMap(([receiver, { length }]) => (length >= count ? [receiver] : []));
}
