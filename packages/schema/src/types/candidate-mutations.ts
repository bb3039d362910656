import {
  ForbiddenError,
  NotFoundError,
  RunNotActiveError,
  rejectCandidate,
  restoreCandidate,
  StepClosedError,
} from "@sluice/engine";
import { builder } from "../builder.ts";
import { databaseId } from "../node-id.ts";
import { candidateField, runField, runStepField } from "./payload-fields.ts";

builder.relayMutationField(
  "rejectCandidate",
  {
    name: "RejectCandidateInput",
    description: "The candidate to take out.",
    inputFields: (t) => ({
      candidateId: t.id({ required: true, description: "The candidate." }),
      replace: t.boolean({
        defaultValue: true,
        description: "Before the decision: whether another is made in its place.",
      }),
    }),
  },
  {
    authScopes: { DECIDE: true },
    description:
      "Takes a candidate out. Before the decision its slot is filled again; after it, it stops being a parent and nothing takes its place.",
    errors: { types: [NotFoundError, ForbiddenError, StepClosedError] },
    resolve: (_root, { input }, { engine, actor }) =>
      rejectCandidate(engine, actor, { ...input, candidateId: databaseId("Candidate", input.candidateId) }),
  },
  {
    name: "RejectCandidateSuccess",
    description: "The candidate is out.",
    outputFields: (t) => ({
      candidate: candidateField(t, "The candidate.", ({ candidateId }) => candidateId),
      step: runStepField(t),
    }),
  },
);

builder.relayMutationField(
  "restoreCandidate",
  {
    name: "RestoreCandidateInput",
    description: "The candidate to take in again.",
    inputFields: (t) => ({
      candidateId: t.id({ required: true, description: "A candidate that was rejected." }),
    }),
  },
  {
    authScopes: { DECIDE: true },
    description:
      "Takes a candidate in again that was rejected before its step's decision, with the votes that it has. A replacement that nobody has begun is given up for it; one that was begun stays beside it.",
    errors: { types: [NotFoundError, ForbiddenError, RunNotActiveError, StepClosedError] },
    resolve: (_root, { input }, { engine, actor }) =>
      restoreCandidate(engine, actor, { candidateId: databaseId("Candidate", input.candidateId) }),
  },
  {
    name: "RestoreCandidateSuccess",
    description: "The candidate is in again.",
    outputFields: (t) => ({
      candidate: candidateField(t, "The candidate.", ({ candidateId }) => candidateId),
      step: runStepField(t),
      run: runField(t),
    }),
  },
);
