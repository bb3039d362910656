import { createContext, useContext, useEffect, useEffectEvent } from "react";
import { useOnReconnect } from "../../lib/connection-state.ts";
import { useCoalesced } from "../../lib/use-coalesced.ts";

type Listener = (patienceMs: number) => void;

/** Tells the lists of one step that their membership or order may have changed, and how soon that should be seen. */
export function createStepSignals() {
  const listeners = new Map<string, Set<Listener>>();
  const unheard = new Set<string>();
  return {
    emit(stepId: string, patienceMs = 0) {
      const told = listeners.get(stepId);
      if (!told) unheard.add(stepId);
      for (const listener of told ?? []) listener(patienceMs);
    },
    /** @param unheardToo whether the listener is told at once where something was emitted that nobody heard */
    listen(stepId: string, listener: Listener, unheardToo = false) {
      const set = listeners.get(stepId) ?? new Set();
      listeners.set(stepId, set.add(listener));
      if (unheard.delete(stepId) && unheardToo) listener(0);
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

interface StepSignalOptions {
  /** At most so often, in milliseconds; a change may allow more time. */
  readonly everyMs?: number;
  /** The list was read by somebody else, perhaps before what was told when nobody listened. */
  readonly unheardToo?: boolean;
}

/** Calls `refetch` after changes of the step and after a reconnect: at once, and at most once a second by default. */
export function useStepSignal(
  stepId: string,
  refetch: () => void,
  { everyMs = REFETCH_MS, unheardToo = false }: StepSignalOptions = {},
): void {
  const signals = useContext(StepSignalsContext);
  const request = useCoalesced(refetch, everyMs);
  const onSignal = useEffectEvent((patienceMs: number) => request(Math.max(everyMs, patienceMs)));
  useEffect(
    () => signals.listen(stepId, (patienceMs) => onSignal(patienceMs), unheardToo),
    [signals, stepId, unheardToo],
  );
  useOnReconnect(request);
}
