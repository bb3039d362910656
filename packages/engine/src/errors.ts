import type { JobStatus } from "./db/rows.ts";

/**
 * What can go wrong in a way that a caller can act on. The API maps each class to the GraphQL type of the same name;
 * anything else that is thrown is a bug or an outage.
 */
export abstract class DomainError extends Error {
  abstract override readonly name: string;
}

export class NotFoundError extends DomainError {
  override readonly name = "NotFoundError";
}

export class ForbiddenError extends DomainError {
  override readonly name = "ForbiddenError";
}

export class InvalidInputError extends DomainError {
  override readonly name = "InvalidInputError";
  /** The input's field that is at fault, when there is one. */
  readonly field: string | null;
  constructor(message: string, field: string | null = null) {
    super(message);
    this.field = field;
  }
}

/** G4 */
export class InvalidTopKError extends DomainError {
  override readonly name = "InvalidTopKError";
  constructor(message = "K must be at least 1") {
    super(message);
  }
}

/** G6 */
export class ApprovalFinalError extends DomainError {
  override readonly name = "ApprovalFinalError";
  readonly runStepId: number;
  constructor(
    runStepId: number,
    message = "Approvals cannot be reverted. Create new run for different configuration.",
  ) {
    super(message);
    this.runStepId = runStepId;
  }
}

export class StillGeneratingError extends DomainError {
  override readonly name = "StillGeneratingError";
  readonly inFlightJobs: number;
  constructor(position: number, inFlightJobs: number) {
    super(
      `Step ${position} is still generating: ${inFlightJobs} ${inFlightJobs === 1 ? "job is" : "jobs are"} queued or running. Approve it when they are done.`,
    );
    this.inFlightJobs = inFlightJobs;
  }
}

export class PreviousStepUnapprovedError extends DomainError {
  override readonly name = "PreviousStepUnapprovedError";
  readonly runStepId: number;
  /** @param previous the closed gate that comes first */
  constructor(previous: { id: number; position: number }) {
    super(`Step ${previous.position} is not approved yet. Approve it first.`);
    this.runStepId = previous.id;
  }
}

/** Where none was ever made, the run has failed instead (G16). */
export class NoCandidatesError extends DomainError {
  override readonly name = "NoCandidatesError";
  /** @param lost what is missing: any candidate, or one that came through the step's gate */
  constructor(position: number, lost: "candidates" | "parents" = "candidates") {
    super(
      lost === "candidates"
        ? `Step ${position} has no candidate left: all were rejected.`
        : `Of the candidates that came through step ${position}, none is left: all were rejected. Send it back to step ${position} or before.`,
    );
  }
}

/** A gate's policy asks for more than there is. */
export class PolicyUnmetError extends DomainError {
  override readonly name = "PolicyUnmetError";
  /** What is missing, each as a sentence. */
  readonly unmet: readonly string[];
  /** A reason given with the approval takes its place. */
  readonly overridable: boolean;
  constructor(unmet: readonly string[], what: { readonly overridable: boolean; readonly todo: string }) {
    super([...unmet, what.todo].join(" "));
    this.unmet = unmet;
    this.overridable = what.overridable;
  }
}

/** G7 */
export class StaleRankingError extends DomainError {
  override readonly name = "StaleRankingError";
  readonly rankingVersion: number;
  constructor(seen: number, current: number) {
    super(
      `The ranking changed since you looked (you saw version ${seen}, it is version ${current} now). Look again, then decide.`,
    );
    this.rankingVersion = current;
  }
}

/** A run that has nothing at this step to go on from. */
export class NotForkableError extends DomainError {
  override readonly name = "NotForkableError";
}

/** F6: what is asked for is about a round that has ended. */
export class StaleRoundError extends DomainError {
  override readonly name = "StaleRoundError";
  /** The round that the step is in now. */
  readonly round: number;
  constructor(position: number, seen: number, current: number) {
    super(
      `Step ${position} is in round ${current} now, and you decided about round ${seen}. Look at what it has made since, then decide.`,
    );
    this.round = current;
  }
}

/** A step that would begin another round has had as many as its policy allows. */
export class TooManyRoundsError extends DomainError {
  override readonly name = "TooManyRoundsError";
  /** How many rounds the step may have, the first included. */
  readonly maxRounds: number;
  /**
   * @param position of the step that has had all its rounds
   * @param decided position of the step that is sent back: that one, or one behind it
   */
  constructor(position: number, maxRounds: number, decided = position) {
    const instead =
      decided === position
        ? "Approve it, reject it,"
        : `Send step ${decided} back to a step after that one, approve it, reject it,`;
    super(
      `Step ${position} has had all ${maxRounds} of its rounds. ${instead} or fork the run to go on from an earlier step.`,
    );
    this.maxRounds = maxRounds;
  }
}

export type FinishedRunStatus = "COMPLETED" | "REJECTED" | "FAILED" | "ABORTED";

export class RunNotActiveError extends DomainError {
  override readonly name = "RunNotActiveError";
  readonly status: FinishedRunStatus;
  constructor(runId: number, status: FinishedRunStatus) {
    super(`Run #${runId} is ${status.toLowerCase()}: nothing in it can be decided any more.`);
    this.status = status;
  }
}

export class DuplicateVoteError extends DomainError {
  override readonly name = "DuplicateVoteError";
  /** The vote that stands. */
  readonly voteId: number;
  constructor(voteId: number) {
    super("You have already judged this pair. Undo that vote to judge it again.");
    this.voteId = voteId;
  }
}

/** Votes and changes after the decision. */
export class StepClosedError extends DomainError {
  override readonly name = "StepClosedError";
}

export class InvalidPipelineError extends DomainError {
  override readonly name = "InvalidPipelineError";
  /** Where in the document, such as `pipelines[0].steps[2].generator`. */
  readonly path: string | null;
  /** From 1. */
  readonly line: number | null;
  constructor(message: string, path: string | null = null, line: number | null = null) {
    super(message);
    this.path = path;
    this.line = line;
  }
}

/** Somebody else has changed a pipeline since it was looked at: to make another one from it, or to run it. */
export class StalePipelineError extends DomainError {
  override readonly name = "StalePipelineError";
  readonly pipeline: string;
  /** What is the newest now. */
  readonly version: number;
  constructor(pipeline: string, version: number, seen: number, use: "change" | "run" = "change") {
    super(staleWords(pipeline, version, seen, use));
    this.pipeline = pipeline;
    this.version = version;
  }
}

function staleWords(pipeline: string, version: number, seen: number, use: "change" | "run"): string {
  if (use === "run") {
    return `Version ${version} of "${pipeline}" is newer than version ${seen}, which you looked at. Look at it, then start the run.`;
  }
  return seen === 0
    ? `There is a pipeline named "${pipeline}" already. Choose another name, or open that one and change it.`
    : `Version ${version} of "${pipeline}" is newer than version ${seen}, which this was made from. Look at it, then apply yours again.`;
}

/** The operator's file has the say over a pipeline of this name. */
export class DeclaredInFileError extends DomainError {
  override readonly name = "DeclaredInFileError";
  readonly pipeline: string;
  /** The file's name, without its folder. */
  readonly file: string;
  constructor(pipeline: string, file: string) {
    super(
      `"${pipeline}" is declared in the operator's file, ${file}. Change it there: the change is in force within seconds. Or apply yours under another name.`,
    );
    this.pipeline = pipeline;
    this.file = file;
  }
}

/** The database, or a run that others hold, could not be had in time. The same may work a moment later. */
export class UnavailableError extends DomainError {
  override readonly name = "UnavailableError";
}

/** An answer for a job that is not on this lease, or not any more. */
export class LeaseLostError extends DomainError {
  override readonly name = "LeaseLostError";
}

/** A job that is not queued or running any more. */
export class JobEndedError extends DomainError {
  override readonly name = "JobEndedError";
  constructor(jobId: number, status: JobStatus) {
    super(`Job ${jobId} ${HOW_A_JOB_ENDED[status]}: there is nothing to cancel.`);
  }
}

const HOW_A_JOB_ENDED: Readonly<Record<JobStatus, string>> = {
  QUEUED: "is of an earlier round",
  RUNNING: "is of an earlier round",
  COMPLETED: "is done",
  FAILED: "was given up already",
  CANCELLED: "was cancelled already",
};

/** L2 */
export class AlertResolvedError extends DomainError {
  override readonly name = "AlertResolvedError";
  constructor() {
    super("This alert is over: its run has moved on. Nobody is reminded of it any more.");
  }
}

/** Somebody must be left who can sign in and say who may do what. */
export class LastOwnerError extends DomainError {
  override readonly name = "LastOwnerError";
  constructor() {
    super("This is the last active owner. Make somebody else an owner first.");
  }
}
