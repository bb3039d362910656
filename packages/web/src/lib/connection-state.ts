import { useEffect, useEffectEvent, useRef, useSyncExternalStore } from "react";

/** `polling`: the server answers, but a live connection to it cannot be had, so what is shown is read again regularly. */
export type ConnectionState = "idle" | "connecting" | "open" | "reconnecting" | "polling";

/** Where the live connection stands, and how often there was something to catch up with, for React to follow. */
export function createConnectionStore() {
  let state: ConnectionState = "idle";
  let connects = 0;
  let catchUps = 0;
  const listeners = new Set<() => void>();
  const openAgain = new Set<() => void>();
  const emit = () => {
    for (const listener of listeners) listener();
  };
  return {
    set(next: ConnectionState) {
      if (next === state) return;
      const again = next === "open" && (state === "reconnecting" || state === "polling");
      if (next === "open") connects += 1;
      if (again) catchUps += 1;
      state = next;
      emit();
      if (again) for (const listener of openAgain) listener();
    },
    /** What is shown may be old by now, and the server can be asked. */
    catchUp() {
      connects += 1;
      catchUps += 1;
      emit();
    },
    /** Calls `listener` each time the live connection comes back. */
    onOpenAgain: (listener: () => void) => void openAgain.add(listener),
    state: () => state,
    /** How often changes could be heard of from then on: the first connection counts. */
    connects: () => connects,
    /** How often changes may have been missed by what had been heard of before. */
    catchUps: () => catchUps,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

export type ConnectionStore = ReturnType<typeof createConnectionStore>;

export const connection = createConnectionStore();

export function useConnectionState(): ConnectionState {
  return useSyncExternalStore(connection.subscribe, connection.state);
}

/**
 * Runs `refetch` each time the live connection comes back, and every few seconds while there is none to be had. The
 * event stream resumes by cursor; everything that is not in the stream (list membership, previews of other steps) is
 * read again instead. Every page that shows what others change uses it, on its own or through what it listens to.
 */
export function useOnReconnect(refetch: () => void): void {
  const catchUps = useSyncExternalStore(connection.subscribe, connection.catchUps);
  const run = useEffectEvent(refetch);
  // What comes after a reconnect reads what it shows by itself, and has missed nothing.
  const caughtUp = useRef(catchUps);
  useEffect(() => {
    if (catchUps === caughtUp.current) return;
    caughtUp.current = catchUps;
    run();
  }, [catchUps]);
}

/**
 * As `useOnReconnect`, and when the connection is made for the first time, before or after this is there: for what was
 * read before it, and is told of by nobody where it changed in between.
 */
export function useOnConnect(refetch: () => void): void {
  const connects = useConnects();
  const run = useEffectEvent(refetch);
  useEffect(() => {
    if (connects > 0) run();
  }, [connects]);
}

/** Whether changes can be heard of: what is read from then on stays current. */
export function useHasConnected(): boolean {
  return useConnects() > 0;
}

function useConnects(): number {
  return useSyncExternalStore(connection.subscribe, connection.connects);
}
