import { GeneratorError } from "@sluice/engine";
import type { Alarm } from "./alarm.ts";
import type { HistoryEntry } from "./answers.ts";
import type { ComfyClient, Place } from "./client.ts";
import { ComfyUnreachable } from "./http.ts";

/** Milliseconds. */
export interface Timing {
  /** Between two looks. */
  readonly poll: number;
  /** A job that is nowhere for so long is lost. It moves from the queue to the history between two looks at them. */
  readonly lostAfter: number;
  /** A server that does not answer for so long is given up: it may be starting again until then. */
  readonly unreachableFor: number;
  /** A job that takes longer is given up. */
  readonly timeout: number;
}

export interface WaitDeps {
  readonly client: ComfyClient;
  readonly timing: Timing;
  /** Rung when there may be something to see before the next look. */
  readonly alarm: Alarm;
  readonly onPlace: (place: Place) => void;
  readonly onUnreachable: (error: ComfyUnreachable) => void;
  /** It answers again. */
  readonly onReachable: () => void;
}

/** The queue is asked less often than the history: its answer holds the workflow of every job in it. */
const LOOKS_PER_QUEUE = 5;

/**
 * Waits until a job has ended, by asking: the history is the truth, and a job that is neither there nor in a queue is
 * lost, since both are in ComfyUI's memory alone.
 *
 * @returns the job's entry in the history, or `"lost"`
 * @throws GeneratorError when it takes too long or the server stays away; the signal's reason when that is aborted
 */
export async function waitForEnd(
  { client, timing, alarm, onPlace, onUnreachable, onReachable }: WaitDeps,
  id: string,
  signal: AbortSignal,
): Promise<HistoryEntry | "lost"> {
  const begun = Date.now();
  let absentSince: number | undefined;
  let silentSince: number | undefined;
  for (let look = 0; ; look++) {
    signal.throwIfAborted();
    try {
      const entry = await client.history(id, signal);
      if (entry) return entry;
      // While the job is nowhere to be seen, every look counts.
      const isDue = absentSince !== undefined || look % LOOKS_PER_QUEUE === 0;
      const place = isDue ? await client.place(id, signal) : undefined;
      if (silentSince !== undefined) onReachable();
      silentSince = undefined;
      if (place) {
        absentSince = undefined;
        onPlace(place);
      } else if (isDue) {
        absentSince ??= Date.now();
        if (Date.now() - absentSince >= timing.lostAfter) return "lost";
      }
    } catch (error) {
      if (!(error instanceof ComfyUnreachable)) throw error;
      if (silentSince === undefined) onUnreachable(error);
      silentSince ??= Date.now();
      if (Date.now() - silentSince >= timing.unreachableFor) throw error;
    }
    if (Date.now() - begun >= timing.timeout) {
      throw new GeneratorError(
        `ComfyUI was not done after ${Math.round(timing.timeout / 1_000)} s, and the job was cancelled there. Raise the generator's "timeout" if it needs longer.`,
        { retryable: true },
      );
    }
    await alarm.sleep(timing.poll, signal);
  }
}
