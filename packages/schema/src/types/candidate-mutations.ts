import { ForbiddenError, NotFoundError, rejectCandidate, StepClosedError } from "@sluice/engine";
import { builder } from "../builder.ts";
import { databaseId } from "../node-id.ts";
import { candidateField, runStepField } from "./payload-fields.ts";

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
