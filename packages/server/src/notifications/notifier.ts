import {
  beginFeed,
  type ClaimedDelivery,
  claimDeliveries,
  deleteOldDeliveries,
  type EngineDeps,
  FEED_OF,
  feedHasNews,
  type NotificationChannel,
  RETRY_DELAYS,
  type Receiver,
  writeDeliveries,
} from "@sluice/engine";
import { encodeNodeId } from "@sluice/schema";
import { type AttemptMade, deliver } from "./deliver.ts";
import type { Mailer } from "./mailer.ts";
import { pause } from "./pause.ts";
import type { NetworkGuard } from "./receiver-guard.ts";

/** How patient it is. Tests have less patience. */
export interface NotifierOptions {
  /** After each failed attempt, in milliseconds; then it is given up. */
  readonly delays?: readonly number[];
  /** Between looks, in milliseconds. */
  readonly intervalMs?: number;
  /** For the head of a receiver's answer. */
  readonly timeoutMs?: number;
  /** Between looks for deliveries that ended too long ago to be kept, in milliseconds. */
  readonly tidyMs?: number;
  /** Hears of each attempt, once it is written down. */
  readonly onAttempt?: (attempt: AttemptMade) => void;
}

export interface NotifierDeps {
  readonly engine: EngineDeps;
  readonly guard: NetworkGuard;
  /** Null where mail is not set up. */
  readonly mailer: Mailer | null;
  /** Where people reach the dashboard. */
  readonly origin: () => string;
  /** How long a delivery is kept once it has ended. */
  readonly keepDays: number;
  readonly onError: (error: unknown) => void;
  /** Hears, in a sentence, of what was given up. */
  readonly onWarning: (message: string) => void;
  readonly options?: NotifierOptions | undefined;
}

/** More than an attempt may take: the name, the connection and the answer, or a slow mail server. */
const LEASE_MS = 120_000;
const AT_ONCE = 20;
const PER_RECEIVER = 4;
const HOUR_MS = 3_600_000;
/** How long what is on its way may take when the server stops. */
const GRACE_MS = 2_000;

/**
 * Tells receivers what happens: follows the events of all runs, writes deliveries, and sends what is due. Any number of
 * servers may do so on one database; mails are the matter of those with a mailer. Nothing waits for it, and it holds no
 * transaction open while it sends. Once an hour it deletes what ended too long ago.
 *
 * @returns once everything that is committed from then on will be told
 */
export async function startNotifier(deps: NotifierDeps): Promise<AsyncDisposable> {
  const { engine, onError, options = {} } = deps;
  const { delays = RETRY_DELAYS, intervalMs = 1_000, timeoutMs = 10_000, tidyMs = HOUR_MS } = options;
  const email = deps.mailer !== null;
  const channels: readonly NotificationChannel[] = email ? ["WEBHOOK", "EMAIL"] : ["WEBHOOK"];
  for (const channel of channels) await beginFeed(engine, FEED_OF[channel]);
  const stopping = new AbortController();
  const aborting = new AbortController();
  const delivering = { ...deps, delays, timeoutMs, signal: aborting.signal };
  const sending = new Map<number, Sending>();
  const waiting = pause();

  const launch = (delivery: ClaimedDelivery): void => {
    const done = deliver(delivering, delivery)
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
        waiting.end();
      });
    sending.set(delivery.id, { receiver: delivery.webhook?.id ?? "EMAIL", done });
  };
  const write = async (channel: NotificationChannel): Promise<void> => {
    const links = { origin: deps.origin(), idOf: encodeNodeId };
    while (!stopping.signal.aborted && (await feedHasNews(engine, FEED_OF[channel]))) {
      if (!(await writeDeliveries(engine, channel, links))) return;
    }
  };
  const tell = async (): Promise<void> => {
    for (const channel of channels) await write(channel);
    const limit = AT_ONCE - sending.size;
    const busy = receiversWith(PER_RECEIVER, [...sending.values()]);
    const due = await claimDeliveries(engine, { leaseMs: LEASE_MS, limit, perReceiver: PER_RECEIVER, busy, email });
    for (const delivery of due) launch(delivery);
    // There may be more of other receivers.
    if (due.length > 0) waiting.end();
  };
  const follow = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await tell().catch(onError);
      await waiting.take(intervalMs);
    }
  };

  let tidying: Promise<unknown> | undefined;
  const tidyTimer = setInterval(() => {
    tidying ??= deleteOldDeliveries(engine, deps.keepDays, stopping.signal)
      .catch(onError)
      .finally(() => {
        tidying = undefined;
      });
  }, tidyMs);

  const following = follow();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      clearInterval(tidyTimer);
      waiting.end();
      await following;
      await tidying;
      const patience = setTimeout(() => aborting.abort(), GRACE_MS);
      await Promise.all([...sending.values()].map(({ done }) => done));
      clearTimeout(patience);
    },
  };
}

interface Sending {
  readonly receiver: Receiver;
  readonly done: Promise<void>;
}

/** Receivers that have this many deliveries on their way. */
function receiversWith(count: number, sending: readonly Sending[]): Receiver[] {
  const groups = Map.groupBy(sending, ({ receiver }) => receiver);
  return [...groups].flatMap(([receiver, { length }]) => (length >= count ? [receiver] : []));
}
