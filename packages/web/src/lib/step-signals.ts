import { createContext, useContext, useEffect, useEffectEvent } from "react";
import { useOnReconnect } from "./connection-state.ts";
import { useCoalesced } from "./use-coalesced.ts";

type Listener = (patienceMs: number) => void;

/** Tells the lists of one step that their membership or order may have changed, and how soon that should be seen. */
export function createStepSignals() {
  /** With each, whether it is one that is told what nobody of its kind heard. */
  const listeners = new Map<string, Map<Listener, boolean>>();
  const unheard = new Set<string>();
  return {
    emit(stepId: string, patienceMs = 0) {
      const told = listeners.get(stepId) ?? new Map<Listener, boolean>();
      if (![...told.values()].includes(true)) unheard.add(stepId);
      for (const listener of told.keys()) listener(patienceMs);
    },
    /** @param unheardToo whether the listener is told at once of what was emitted while no other such one listened */
    listen(stepId: string, listener: Listener, unheardToo = false) {
      const ofStep = listeners.get(stepId) ?? new Map<Listener, boolean>();
      listeners.set(stepId, ofStep.set(listener, unheardToo));
      if (unheardToo && unheard.delete(stepId)) listener(0);
      return () => {
        ofStep.delete(listener);
        if (ofStep.size === 0) listeners.delete(stepId);
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
  /** The list was read by somebody else, perhaps before what was told when no such one listened. */
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
