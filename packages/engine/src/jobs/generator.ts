/**
 * The port behind which every generator stands. One job makes one candidate.
 *
 * The worker owns retries, storage and cancellation; a generator only makes the thing it is asked for. The same request
 * has to give the same candidate wherever the generator is deterministic: a job that is retried after a crash must not
 * produce something else.
 */
export interface Generator {
  /** The name that a pipeline step's `generator` refers to. */
  readonly name: string;
  /** What this generator makes. */
  readonly media: "image" | "text";
  /** Jobs at a time, over all workers; as many as the workers take where it is left out. */
  readonly concurrency?: number | undefined;
  /** "elsewhere": programs of the operator's claim its jobs over the API, and no worker of Sluice's takes them. */
  readonly runs?: "here" | "elsewhere" | undefined;
  /** Checks a step's `config` when a pipeline is loaded; returns what is wrong, in words, or nothing. */
  checkConfig(config: unknown): string | undefined;
  /**
   * What a step's `config` leads to that nobody may want, in sentences; for who checks a file.
   *
   * @param n candidates that the step makes of each parent
   */
  cautions?(config: unknown, n: number): readonly string[];
  /** Looks whether what it needs is there: its server, its key, its model. Never throws; left out where nothing is needed. */
  check?(signal: AbortSignal): Promise<GeneratorHealth>;
  /**
   * @returns `"later"` where the lease's holder answers over the API (`GenerateContext.lease`)
   * @throws GeneratorError for every failure that is expected; anything else counts as not retryable.
   */
  generate(request: GenerateRequest, context: GenerateContext): Promise<Generated | "later">;
  /**
   * Cancels work that goes on elsewhere and that no worker waits for: its job was cancelled after its worker had ended.
   * Does no harm where that work is over. Left out where nothing can be cancelled.
   *
   * @param externalId as `generate` has saved it
   * @returns what the work has cost, where it says
   * @throws where it cannot be reached: it is tried again, a few times
   */
  discard?(externalId: string, signal: AbortSignal): Promise<Usage | undefined>;
}

/** What a look at a generator found. */
export interface GeneratorHealth {
  readonly ok: boolean;
  /** In a sentence: what is there, or what is missing and what to do. */
  readonly detail: string;
  /** Of the service behind it, where it says. */
  readonly version?: string | undefined;
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
  /** Aborts with a `JobStopped`, whose `why` says whether what goes on elsewhere is to be stopped too. */
  readonly signal: AbortSignal;
  /**
   * Tells how far the work is. Called as often as the generator likes; the worker thins it out.
   *
   * @param share that is done, 0 to 1
   * @param preview how the candidate looks so far
   */
  progress(share: number, message?: string, preview?: Preview): void;
  /** Shows what is written so far, all of it; thinned out likewise. */
  write(textSoFar: string): void;
  /** Keeps a line that helps to understand what happened; the last ones are shown with the job. */
  log(line: string): void;
  /** What an attempt that a restart cut off has saved: go on with that work instead of beginning it again. */
  readonly externalId: string | null;
  /**
   * Keeps what the service knows the work by, before it is waited for. When this returns, a crash does not lose it.
   * It is forgotten when the attempt fails.
   */
  saveExternalId(id: string): Promise<void>;
  /**
   * Lets somebody else answer for the job over the API (`completeJob`), by the token that is returned, for so long.
   * After that `generate` may return `"later"`; what it returns instead counts, if it comes first.
   */
  lease(seconds: number): Promise<Lease>;
}

/** A part of the work that a program elsewhere has for a while. */
export interface Lease {
  readonly token: string;
  readonly expiresAt: Date;
}

/** A picture of an unfinished candidate: PNG, JPEG or WebP of at most 1 MB. What is larger is dropped. */
export interface Preview {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

export interface Generated {
  readonly assets: readonly { readonly bytes: Uint8Array; readonly mediaType: string }[];
  readonly text: string | null;
  /** Kept with the candidate and given to the generator of its children; at most 256 kB as JSON. */
  readonly meta: { readonly [key: string]: Json };
  readonly usage?: Usage | undefined;
  /** What it could not do as it was asked, in sentences, such as a setting that the model does not know. */
  readonly warnings?: readonly string[] | undefined;
}

/** What an attempt used, as far as the generator knows. */
export interface Usage {
  readonly model?: string | undefined;
  /** US dollars. */
  readonly costUsd?: number | undefined;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A failure a generator expects. Retryable ones are tried again with backoff. */
export class GeneratorError extends Error {
  override readonly name = "GeneratorError";
  readonly retryable: boolean;
  /** What the attempt has cost all the same. */
  readonly usage: Usage | undefined;

  constructor(message: string, options: { retryable: boolean; cause?: unknown; usage?: Usage | undefined }) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable;
    this.usage = options.usage;
  }
}

/** Why a job is stopped. */
export class JobStopped extends Error {
  override readonly name = "JobStopped";
  /**
   * "unwanted": nobody wants the candidate any more, so work elsewhere is to be cancelled. "worker-ends": another worker
   * takes the job up again, by its external id where it has one: leave that work alone.
   */
  readonly why: "unwanted" | "worker-ends";

  constructor(why: JobStopped["why"]) {
    super(why === "unwanted" ? "Nobody wants this candidate any more." : "The worker ends.");
    this.why = why;
  }
}

/** Whether work that goes on elsewhere is to be cancelled, now that the signal was aborted. */
export function isUnwanted(signal: AbortSignal): boolean {
  return signal.reason instanceof JobStopped && signal.reason.why === "unwanted";
}
