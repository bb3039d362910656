import { useSyncExternalStore } from "react";

const TICK_MS = 15_000;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function read(): number {
  // Without a running timer the stored moment may be old: a page that was left and opened again.
  if (timer === undefined) now = Date.now();
  return now;
}

/** The time in milliseconds, renewed every 15 s by one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, read);
}
