import type { Graph } from "./graph.ts";

export interface QueuedPrompt {
  /** The smallest is next. */
  readonly number: number;
  readonly id: string;
  readonly graph: Graph;
  readonly extraData: Readonly<Record<string, unknown>>;
  readonly outputs: readonly string[];
}

export interface HistoryEntry {
  readonly prompt: unknown;
  readonly outputs: Readonly<Record<string, object>>;
  readonly status: {
    readonly status_str: "success" | "error";
    readonly completed: boolean;
    readonly messages: readonly (readonly [string, object])[];
  };
  readonly meta: object;
}

/** As ComfyUI's `PromptQueue`: in memory, so that a restart forgets what waits, what runs and what has been. */
export interface PromptQueue {
  put(prompt: QueuedPrompt): void;
  /** Takes the next one out, to run it. */
  take(): QueuedPrompt | undefined;
  done(id: string, entry: HistoryEntry): void;
  remove(id: string): boolean;
  readonly running: QueuedPrompt | undefined;
  readonly waiting: readonly QueuedPrompt[];
  readonly history: Readonly<Record<string, HistoryEntry>>;
  forget(): void;
}

export function promptQueue(): PromptQueue {
  let waiting: QueuedPrompt[] = [];
  let running: QueuedPrompt | undefined;
  let history: Record<string, HistoryEntry> = {};
  return {
    put(prompt) {
      waiting = [...waiting, prompt].sort((a, b) => a.number - b.number);
    },
    take() {
      [running, ...waiting] = waiting;
      return running;
    },
    done(id, entry) {
      if (running?.id !== id) return;
      history[id] = entry;
      running = undefined;
    },
    remove(id) {
      const before = waiting.length;
      waiting = waiting.filter((prompt) => prompt.id !== id);
      return waiting.length < before;
    },
    get running() {
      return running;
    },
    get waiting() {
      return waiting;
    },
    get history() {
      return history;
    },
    forget() {
      waiting = [];
      running = undefined;
      history = {};
    },
  };
}

/** As `/queue` lists it. */
export function queueItem({ number, id, graph, extraData, outputs }: QueuedPrompt): unknown[] {
  return [number, id, graph, extraData, outputs];
}
