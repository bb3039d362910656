import { setTimeout as pause } from "node:timers/promises";
import { EventSourceParserStream } from "eventsource-parser/stream";
import type { OpencodeClient } from "./client.ts";
import { event as eventSchema } from "./payloads.ts";

export interface EventFollower {
  /** After each connection: what happened before it was missed. */
  onConnected(): void;
  onEvent(type: string, properties: { readonly [key: string]: unknown }): void;
}

const RECONNECT_MS = 1_000;
/** A tool's whole output is in one event. */
const MAX_EVENT_LENGTH = 16 * 1024 * 1024;

/**
 * Tells the server's events until the signal aborts, over as many connections as it takes. They are a hint: whoever
 * follows them also asks now and then.
 *
 * @returns once the first connection stands, or has failed
 */
export async function followEvents(
  client: OpencodeClient,
  follower: EventFollower,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  void (async () => {
    while (!signal.aborted) {
      try {
        const bytes = await client.events(signal);
        follower.onConnected();
        resolve();
        await tell(bytes, follower);
      } catch {
        // Whatever is wrong with the connection, the questions that are asked beside it find out and tell.
      }
      resolve();
      if (signal.aborted) return;
      await pause(RECONNECT_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  })();
  await ready;
}

async function tell(bytes: ReadableStream<Uint8Array>, follower: EventFollower): Promise<void> {
  const messages = bytes
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream({ maxBufferSize: MAX_EVENT_LENGTH }));
  for await (const { data } of messages) {
    const parsed = eventSchema.safeParse(JSON.parse(data));
    if (parsed.success) follower.onEvent(parsed.data.type, parsed.data.properties);
  }
}
