import type { Client } from "graphql-ws";
import { haveTransient } from "./errors.ts";
import { resumable, type SubscribePayload } from "./resume.ts";

const RESTART_MS = 2_000;
const MAX_RESTART_MS = 30_000;

export type LiveSink = Parameters<Client["subscribe"]>[1];
type ErrorsOfOperation = Extract<Parameters<LiveSink["error"]>[0], readonly unknown[]>;

/**
 * Runs one subscription for as long as the page wants it. Lost connections are made anew underneath. What ends it
 * otherwise is a close code that ends every operation, such as that of a server with whom too much waited to be read,
 * or a server that was not up to it for a moment: then it starts again, behind its last cursor, since what nobody
 * restarts would silently show old data. What the server refuses reaches the sink as an error.
 *
 * @param onMissed called after a change could not be told, and none follows that would tell it: what the page shows has
 *   to be read again
 * @param restartMs how long it waits before that; twice as long each time, up to 30 s, until something comes
 * @returns what ends it
 */
export function runLive(
  client: Pick<Client, "subscribe">,
  request: SubscribePayload,
  sink: LiveSink,
  onMissed: () => void,
  restartMs = RESTART_MS,
): () => void {
  const { payload, advance } = resumable(request);
  let wait = restartMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let left = false;
  let unsubscribe = () => {};

  const start = () => {
    running = true;
    unsubscribe = client.subscribe(payload, {
      next(result) {
        advance(result.data);
        if (result.data) wait = restartMs;
        else recover();
        sink.next(result);
      },
      error(error) {
        running = false;
        if (isClose(error) || (Array.isArray(error) && haveTransient(error as ErrorsOfOperation))) recover();
        else sink.error(error);
      },
      complete() {
        running = false;
        if (left) sink.complete();
        else recover();
      },
    });
  };
  const recover = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (!running) start();
      onMissed();
    }, wait);
    wait = Math.min(2 * wait, MAX_RESTART_MS);
  };
  start();
  return () => {
    left = true;
    clearTimeout(timer);
    unsubscribe();
  };
}

function isClose(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && "reason" in error;
}
