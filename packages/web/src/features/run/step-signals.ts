import { createContext, useContext, useEffect, useEffectEvent } from "react";
import { useOnReconnect } from "../../lib/connection-state.ts";
import { useCoalesced } from "../../lib/use-coalesced.ts";

/** Tells the lists of one step that their membership or order may have changed. */
export function createStepSignals() {
  const listeners = new Map<string, Set<() => void>>();
  return {
    emit(stepId: string) {
      for (const listener of listeners.get(stepId) ?? []) listener();
    },
    listen(stepId: string, listener: () => void) {
      const set = listeners.get(stepId) ?? new Set();
      listeners.set(stepId, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0) listeners.delete(stepId);
      };
    },
  };
}

export type StepSignals = ReturnType<typeof createStepSignals>;

export const StepSignalsContext = createContext<StepSignals>(createStepSignals());

const REFETCH_MS = 1_000;

/** For `useStepSignal`: what tells of the step's jobs. They move much more often than what is listed of a step. */
export function jobsOf(stepId: string): string {
  return `jobs of ${stepId}`;
}

/** Calls `refetch` after changes of the step and after a reconnect, at most once a second or as often as is said. */
export function useStepSignal(stepId: string, refetch: () => void, everyMs = REFETCH_MS): void {
  const signals = useContext(StepSignalsContext);
  const request = useCoalesced(refetch, everyMs);
  const onSignal = useEffectEvent(request);
  useEffect(() => signals.listen(stepId, () => onSignal()), [signals, stepId]);
  useOnReconnect(request);
}
