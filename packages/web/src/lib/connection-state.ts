import { useEffect, useEffectEvent, useSyncExternalStore } from "react";

export type ConnectionState = "idle" | "connecting" | "open" | "reconnecting";

/** Where the live connection stands, and how often it has come back, for React to follow. */
export function createConnectionStore() {
  let state: ConnectionState = "idle";
  let reconnects = 0;
  const listeners = new Set<() => void>();
  const emit = () => {
    for (const listener of listeners) listener();
  };
  return {
    set(next: ConnectionState) {
      if (next === state) return;
      if (next === "open" && state === "reconnecting") reconnects += 1;
      state = next;
      emit();
    },
    state: () => state,
    reconnects: () => reconnects,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

export const connection = createConnectionStore();

export function useConnectionState(): ConnectionState {
  return useSyncExternalStore(connection.subscribe, connection.state);
}

/**
 * Runs `refetch` each time the live connection comes back. The event stream resumes by cursor; everything that
 * is not in the stream (list membership, previews of other steps) is read again instead.
 */
export function useOnReconnect(refetch: () => void): void {
  const reconnects = useSyncExternalStore(connection.subscribe, connection.reconnects);
  const run = useEffectEvent(refetch);
  useEffect(() => {
    if (reconnects > 0) run();
  }, [reconnects]);
}
