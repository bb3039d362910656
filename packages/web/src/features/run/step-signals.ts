import { createContext, useContext, useEffect, useEffectEvent } from "react";
import { useOnReconnect } from "../../lib/connection-state.ts";
import { useCoalesced } from "../../lib/use-coalesced.ts";

type Listener = (patienceMs: number) => void;

/** Tells the lists of one step that their membership or order may have changed, and how soon that should be seen. */
export function createStepSignals() {
  const listeners = new Map<string, Set<Listener>>();
  return {
    emit(stepId: string, patienceMs = 0) {
      for (const listener of listeners.get(stepId) ?? []) listener(patienceMs);
    },
    listen(stepId: string, listener: Listener) {
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

/** For `useStepSignal`: what tells which jobs the step has. */
export function jobsOf(stepId: string): string {
  return `jobs of ${stepId}`;
}

/** For `useStepSignal`: what tells of all that the step's jobs do. They do much more often than what is listed changes. */
export function jobLogsOf(stepId: string): string {
  return `job logs of ${stepId}`;
}

/**
 * Calls `refetch` after changes of the step and after a reconnect: at once, and at most once a second, as often as is
 * said, or as rarely as the change allows.
 */
export function useStepSignal(stepId: string, refetch: () => void, everyMs = REFETCH_MS): void {
  const signals = useContext(StepSignalsContext);
  const request = useCoalesced(refetch, everyMs);
  const onSignal = useEffectEvent((patienceMs: number) => request(Math.max(everyMs, patienceMs)));
  useEffect(() => signals.listen(stepId, (patienceMs) => onSignal(patienceMs)), [signals, stepId]);
  useOnReconnect(request);
}
