import type { Client } from "graphql-ws";
import { resumable, type SubscribePayload } from "./resume.ts";

const RESTART_MS = 2_000;

export type LiveSink = Parameters<Client["subscribe"]>[1];

/**
 * Runs one subscription for as long as the page wants it. Lost connections are made anew underneath. Some close codes
 * end every operation instead, such as that of a server with whom too much waited to be read: each then starts again
 * behind its last cursor, since what nobody restarts would silently show old data. Errors of the operation itself
 * reach the sink. Returns what ends it.
 */
export function runLive(
  client: Pick<Client, "subscribe">,
  request: SubscribePayload,
  sink: LiveSink,
  restartMs = RESTART_MS,
): () => void {
  const { payload, advance } = resumable(request);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let unsubscribe = () => {};
  const start = () => {
    unsubscribe = client.subscribe(payload, {
      next(result) {
        advance(result.data);
        sink.next(result);
      },
      error(error) {
        if (isClose(error)) timer = setTimeout(start, restartMs);
        else sink.error(error);
      },
      complete: () => sink.complete(),
    });
  };
  start();
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}

function isClose(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && "reason" in error;
}
