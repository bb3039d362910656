import { throughOutages } from "../db/outage.ts";
import type { EngineDeps } from "../deps.ts";
import { type GenerateContext, JobStopped } from "./generator.ts";
import { type ProgressReport, reportProgress } from "./report-progress.ts";
import type { HeldJob } from "./start-job.ts";

/**
 * Between two reports of a job, at least: at first 250 ms, from 40 s on 2 s. Each is an event that the run keeps, and a job
 * of ten minutes is to leave some 350 of them, not 2,400.
 */
function pauseAfter(elapsedMs: number): number {
  return Math.min(2_000, Math.max(250, elapsedMs / 20));
}

/** Lines that wait to be written; of more, the last ones are kept. */
const MAX_LINES = 500;

export interface ProgressReporter extends Pick<GenerateContext, "progress" | "write" | "log"> {
  /** Writes the lines that wait, so that the log of an attempt that ends is whole; what is told later is not heard. */
  end(): Promise<void>;
}

/**
 * Thins reports out: one write at a time, the newest values, so many a second. It stops the job when that is no longer
 * this worker's.
 */
export function progressReporter(
  deps: { readonly engine: EngineDeps; readonly onError: (error: unknown) => void },
  held: HeldJob,
  stop: AbortController,
): ProgressReporter {
  let waiting: ProgressReport = {};
  let lines: string[] = [];
  const beganAt = Date.now();
  let lastAt = beganAt;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let ended = false;

  const take = (): ProgressReport => {
    const report = { ...waiting, log: lines };
    waiting = {};
    lines = [];
    return report;
  };
  const write = async (): Promise<void> => {
    const report = take();
    try {
      const state = await reportProgress(deps.engine, held, report);
      if (state !== "held") stop.abort(new JobStopped(state));
    } catch (error) {
      // What is newer comes with the next report; lines come once.
      lines.unshift(...(report.log ?? []));
      deps.onError(error);
    }
    lastAt = Date.now();
    writing = undefined;
    if (lines.length > 0 || Object.keys(waiting).length > 0) soon();
  };
  const soon = (): void => {
    if (timer !== undefined || writing || ended || stop.signal.aborted) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        if (!stop.signal.aborted) writing = write();
      },
      Math.max(0, lastAt + pauseAfter(lastAt - beganAt) - Date.now()),
    );
  };
  return {
    progress(share, message, preview) {
      waiting = { ...waiting, share, message: message ?? null, ...(preview && { preview }) };
      soon();
    },
    write(textSoFar) {
      waiting = { ...waiting, textSoFar };
      soon();
    },
    log(line) {
      lines.push(line);
      if (lines.length > MAX_LINES) lines.splice(0, lines.length - MAX_LINES);
      soon();
    },
    async end() {
      ended = true;
      clearTimeout(timer);
      await writing;
      if (lines.length === 0 || stop.signal.aborted) return;
      const log = lines;
      lines = [];
      await throughOutages(() => reportProgress(deps.engine, held, { log }), {
        signal: stop.signal,
        onError: deps.onError,
      });
    },
  };
}
