import { type Context, createContext, useContext, useEffect, useEffectEvent } from "react";
import { useOnReconnect } from "./connection-state.ts";
import { useCoalesced } from "./use-coalesced.ts";

const REFETCH_MS = 400;

/** Tells lists that what belongs in them may have changed. */
export function createRefreshSignal() {
  const listeners = new Set<() => void>();
  return {
    emit() {
      for (const listener of listeners) listener();
    },
    listen(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export type RefreshSignal = ReturnType<typeof createRefreshSignal>;

/** Gates that wait have changed: which there are, or how they stand. */
export const ApprovalsSignal = createContext(createRefreshSignal());
/** Alerts have changed. */
export const AlertsSignal = createContext(createRefreshSignal());

/** Calls `refetch` after each signal and each reconnect: at once, and at most every 0.4 s. */
export function useRefreshOn(signalContext: Context<RefreshSignal>, refetch: () => void): void {
  const signal = useContext(signalContext);
  const request = useCoalesced(refetch, REFETCH_MS);
  const onSignal = useEffectEvent(request);
  useEffect(() => signal.listen(() => onSignal()), [signal]);
  useOnReconnect(request);
}
