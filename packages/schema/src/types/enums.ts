import { builder } from "../builder.ts";

export const StepKindEnum = builder.enumType("StepKind", {
  description: "What a step does.",
  values: {
    GENERATE: { description: "Makes candidates; N for each parent." },
    AGENT: { description: "Has an agent write; one candidate for each parent unless the pipeline says otherwise." },
    APPROVAL: { description: "Makes nothing: a gate on what the step before it let through." },
  } as const,
});

export const GatePolicyEnum = builder.enumType("GatePolicy", {
  description: "How a step's gate opens.",
  values: {
    MANUAL: { description: "A person opens it with a number K." },
    AUTO: { description: "Opens by itself for the K best once every slot is filled or given up." },
    OPEN: { description: "No gate: every candidate advances as soon as it is there." },
  } as const,
});

export const RunStatusEnum = builder.enumType("RunStatus", {
  description: "Where a run is. The last four are final, but for FAILED, which ends when its failed jobs are retried.",
  values: {
    RUNNING: { description: "Makes candidates. Next: any other." },
    WAITING_FOR_APPROVAL: { description: "Nothing is made until a person decides a gate. Next: any other." },
    COMPLETED: { description: "The last gate was opened: its advancing candidates are the winners." },
    REJECTED: { description: "A person rejected a step." },
    FAILED: { description: "A step ended without a single candidate." },
    ABORTED: { description: "A person stopped it." },
  } as const,
});

export const StepStatusEnum = builder.enumType("StepStatus", {
  description: "Where a step of a run is.",
  values: {
    BLOCKED: {
      description:
        "A gate before it is closed, or it was sent back to a step before it. Next: GENERATING or AWAITING_APPROVAL.",
    },
    GENERATING: { description: "Its slots are being filled. Next: AWAITING_APPROVAL, APPROVED or REJECTED." },
    AWAITING_APPROVAL: {
      description:
        "Every slot is filled or given up, and a person is asked. Next: APPROVED, REJECTED, or GENERATING when a candidate is replaced; GENERATING or BLOCKED, in a new round, when it is sent back.",
    },
    APPROVED: {
      description:
        "Its gate is open and what advances is fixed. Final for its round: a later step may be sent back to it, or to one before it.",
    },
    REJECTED: { description: "A person kept its gate closed for good, which ended the run. Final." },
  } as const,
});

export const WorkModeEnum = builder.enumType("WorkMode", {
  description: "What job selection does for a run.",
  values: {
    BASE_GENERATION: { description: "Makes the candidates of step 1, which have no parent." },
    CHILD_GENERATION: { description: "Makes children of candidates that advanced." },
    WAITING_FOR_APPROVAL: { description: "Makes nothing until a person decides a gate." },
    NO_WORK: { description: "Has nothing to make." },
  } as const,
});

export const JobStatusEnum = builder.enumType("JobStatus", {
  description: "Where the making of one candidate is.",
  values: {
    QUEUED: { description: "Waits for a worker, also between two attempts. Next: RUNNING, FAILED or CANCELLED." },
    RUNNING: { description: "A worker, or a program elsewhere, makes it. Next: any other." },
    COMPLETED: { description: "The candidate is there. Final." },
    FAILED: { description: "It was given up. Next: QUEUED, when failed jobs are retried." },
    CANCELLED: {
      description:
        "Nobody wants the candidate any more, which is final; or a person gave up this job alone (`Job.cancelledBy`). Next then: QUEUED, when failed jobs are retried.",
    },
  } as const,
});

export const CandidateStatusEnum = builder.enumType("CandidateStatus", {
  description: "Whether a candidate counts.",
  values: {
    ACTIVE: { description: "It is ranked, and can advance." },
    REJECTED: { description: "A person took it out." },
    SUPERSEDED: { description: "It was made in an earlier round of its step, which was sent back." },
  } as const,
});

export const AdvancementEnum = builder.enumType("Advancement", {
  description: "Whether a candidate came through its step's gate.",
  values: {
    UNDECIDED: { description: "The gate is closed." },
    ADVANCING: { description: "It is a parent of the next step, or a winner of the last." },
    NOT_ADVANCING: { description: "It was below the top K, or was rejected after the decision." },
  } as const,
});

export const CandidateOrderEnum = builder.enumType("CandidateOrder", {
  description: "Which candidates come first in a list.",
  values: {
    OLDEST: { description: "In the order of their arrival, which votes do not change." },
    NEWEST: { description: "The last that arrived first." },
    BEST_RATED: { description: "As gates rank them: the highest rating first; equal ones by more votes, then by age." },
    LEAST_RATED: { description: "The reverse of BEST_RATED." },
    MOST_VOTES: { description: "Those with the most comparisons that count; equal ones by arrival." },
    FEWEST_VOTES: { description: "The reverse of MOST_VOTES." },
  } as const,
});

export const VoteOutcomeEnum = builder.enumType("VoteOutcome", {
  description: "How a comparison ended.",
  values: {
    LEFT: { description: "The left one is better." },
    RIGHT: { description: "The right one is better." },
    TIE: { description: "Neither is better: half a win for each." },
    BOTH_BAD: { description: "Neither is any good. Recorded; changes no rating." },
    SKIP: { description: "No judgement. Recorded; changes no rating." },
  } as const,
});

export const ApprovalStatusEnum = builder.enumType("ApprovalStatus", {
  description: "Where the request for a gate decision is.",
  values: {
    PENDING: { description: "Waits for a person. Next: any other." },
    APPROVED: { description: "The gate was opened. Final." },
    REJECTED: { description: "The gate was kept closed, which ended the run. Final." },
    CANCELLED: { description: "Nobody is asked any more: the run ended, or the step makes candidates again. Final." },
    SENT_BACK: { description: "The gate was kept closed, and a new round begun at its step or one before it. Final." },
  } as const,
});

export const AlertKindEnum = builder.enumType("AlertKind", {
  description: "Why a run needs attention.",
  values: {
    APPROVAL_STALLED: { description: "A gate has waited for a person for longer than its step allows." },
    GENERATION_STALLED: { description: "A step has jobs, but none has moved for ten minutes." },
    GENERATION_FAILING: { description: "A step's failures used up its budget, or left it without a candidate." },
  } as const,
});

export const ChannelEnum = builder.enumType("Channel", {
  description: "How a decision was made.",
  values: {
    DASHBOARD: { description: "By a person who is signed in at the dashboard." },
    API: { description: "With an API key." },
    LINK: { description: "By a decision link." },
    POLICY: { description: "By the step's automatic policy." },
  } as const,
});

export const RoleEnum = builder.enumType("Role", {
  description: "What a person may do. Each includes what those before it may.",
  values: {
    VIEWER: { description: "Looks at everything." },
    VOTER: { description: "Compares candidates." },
    APPROVER: { description: "Decides gates and looks after alerts." },
    OPERATOR: { description: "Creates, steers and ends runs." },
    OWNER: { description: "Says who may do what, and where messages go." },
  } as const,
});

export const RightEnum = builder.enumType("Right", {
  description: "What there is to be allowed; what an API key narrows the role of its owner to.",
  values: {
    VIEW: { description: "To see everything. From VIEWER on." },
    VOTE: { description: "To compare candidates. From VOTER on." },
    DECIDE: { description: "To decide gates and look after alerts. From APPROVER on." },
    OPERATE: { description: "To create, steer and end runs. From OPERATOR on." },
    OWN: { description: "To say who may do what and where messages go. For OWNER." },
  } as const,
});

export const ActorKindEnum = builder.enumType("ActorKind", {
  description: "Who acts.",
  values: {
    PERSON: { description: "Somebody who signs in." },
    INTEGRATION: { description: "A program with an API key." },
  } as const,
});

export const InvitationStatusEnum = builder.enumType("InvitationStatus", {
  description: "Where an invitation is.",
  values: {
    OPEN: { description: "Whoever has its link may accept it. Next: any other." },
    ACCEPTED: { description: "Somebody came by it. Final." },
    REVOKED: { description: "An owner took it back. Final." },
    EXPIRED: { description: "Nobody came within a week. Final." },
  } as const,
});
