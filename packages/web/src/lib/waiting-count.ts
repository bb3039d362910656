import { useSyncExternalStore } from "react";

let count = 0;
const listeners = new Set<() => void>();

/** How many gates wait for the viewer, for the title of the tab. */
export function setWaitingCount(next: number): void {
  if (next === count) return;
  count = next;
  for (const listener of listeners) listener();
}

export function useWaitingCount(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => count,
  );
}
