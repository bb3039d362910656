/**
 * The port behind which every generator stands. One job makes one candidate.
 *
 * The worker owns retries, leases, storage and cancellation; a generator only makes the thing it is asked for. The
 * same request has to give the same candidate wherever the generator is deterministic: a job that is retried after
 * a crash must not produce something else.
 */
export interface Generator {
  /** The name that a pipeline step's `generator` refers to. */
  readonly name: string;
  /** What this generator makes. */
  readonly media: "image" | "text";
  /** Checks a step's `config` when a pipeline is loaded; returns what is wrong, in words, or nothing. */
  checkConfig(config: unknown): string | undefined;
  /** @throws GeneratorError for every failure that is expected; anything else counts as not retryable. */
  generate(request: GenerateRequest, context: GenerateContext): Promise<Generated>;
}

export interface GenerateRequest {
  readonly jobId: number;
  readonly run: { readonly id: number; readonly name: string; readonly prompt: string; readonly variables: Json };
  readonly step: {
    readonly position: number;
    readonly name: string;
    readonly description: string | null;
    readonly config: Json;
  };
  /** Place of this candidate among the children of its parent, from 1. */
  readonly ordinal: number;
  /** How many attempts were made before this one. */
  readonly attempt: number;
  /** Unsigned 32-bit hash of (run, step, parent, ordinal): a retry has the same one, a replacement another. */
  readonly seed: number;
  readonly parent: ParentCandidate | null;
  /** Comments of the approvals that led here, oldest first. */
  readonly notes: readonly string[];
  /** Why the step's earlier rounds were sent back, oldest first; empty in its first. A retry has the same. */
  readonly feedback: readonly Feedback[];
}

/** What a person asked for when a round of the step was sent back. */
export interface Feedback {
  /** The round of this step that it ended, from 1. */
  readonly round: number;
  readonly comment: string;
}

export interface ParentCandidate {
  readonly id: number;
  readonly text: string | null;
  /** What the parent's generator kept with it, such as a genome. */
  readonly meta: Json;
  /** The parent's first asset, when it has one. */
  readonly asset: { readonly mediaType: string; bytes(): Promise<Uint8Array> } | null;
}

export interface GenerateContext {
  /** Aborts when the candidate is no longer wanted, or the worker stops. */
  readonly signal: AbortSignal;
  /** Share of the work that is done, 0 to 1. Called as often as the generator likes; the worker thins it out. */
  progress(share: number, message?: string): void;
}

export interface Generated {
  readonly assets: readonly { readonly bytes: Uint8Array; readonly mediaType: string }[];
  readonly text: string | null;
  /** Kept with the candidate and given to the generator of its children; at most 256 kB as JSON. */
  readonly meta: { readonly [key: string]: Json };
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A failure a generator expects. Retryable ones are tried again with backoff. */
export class GeneratorError extends Error {
  override readonly name = "GeneratorError";
  readonly retryable: boolean;

  constructor(message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable;
  }
}
