import pLimit from "p-limit";

/** What claims that wait for a job take of one process. */
export interface WaitingClaims {
  /** @returns what gives the place back; null where so many of theirs wait already */
  begin(actorId: number): (() => void) | null;
  /** Looks for a job in turn with the others who wait. */
  look<T>(work: () => Promise<T>): Promise<T>;
}

/** As many workers of one person or integration may wait at a time: each holds a request, and looks again and again. */
export const MAX_WAITING_CLAIMS = 50;

/** Of all who wait, so many look at a time: each takes a connection, and what happens in a run wakes all of them. */
const LOOKS_AT_ONCE = 4;

export function waitingClaims(maxPerActor = MAX_WAITING_CLAIMS): WaitingClaims {
  const waiting = new Map<number, number>();
  const look = pLimit(LOOKS_AT_ONCE);
  return {
    begin(actorId) {
      const own = waiting.get(actorId) ?? 0;
      if (own >= maxPerActor) return null;
      waiting.set(actorId, own + 1);
      return () => {
        const left = (waiting.get(actorId) ?? 1) - 1;
        if (left > 0) waiting.set(actorId, left);
        else waiting.delete(actorId);
      };
    },
    look: (work) => look(work),
  };
}
