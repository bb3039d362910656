import {
  ForbiddenError,
  InvalidInputError,
  importCandidates,
  type Json,
  NotFoundError,
  RunNotActiveError,
  StepClosedError,
} from "@sluice/engine";
import { builder } from "../builder.ts";
import { rowsById } from "../loaders/rows.ts";
import { databaseId } from "../node-id.ts";
import { CandidateNode } from "./candidate.ts";
import { cursorField, runField, runStepField } from "./payload-fields.ts";

const CandidateToImport = builder.inputType("CandidateToImport", {
  description: "Something that was made elsewhere: a text, pictures, or both.",
  fields: (t) => ({
    text: t.string({ description: "What it says." }),
    assets: t.stringList({
      description:
        "SHA-256 of each of its files, the main one first. `POST /assets` takes their bytes and answers with it.",
    }),
    parentId: t.id({
      description:
        "The Candidate that it was made from: one that advanced through the gate before. None in a run's first step.",
    }),
    source: t.string({ description: "Where it was made, for people to read, such as a program's name or an address." }),
    meta: t.field({
      type: "JSON",
      description: "An object that is given to the generator of its children, at most 256 kB.",
    }),
  }),
});

builder.relayMutationField(
  "importCandidates",
  {
    name: "ImportCandidatesInput",
    description: "Candidates that were made elsewhere, and where they belong.",
    inputFields: (t) => ({
      stepId: t.id({ required: true, description: "A RunStep that is not decided." }),
      candidates: t.field({
        type: [CandidateToImport],
        required: true,
        description: "1 to 100. All of them come in, or none.",
      }),
    }),
  },
  {
    authScopes: { OPERATE: true },
    description:
      "Adds candidates that were made elsewhere to a step, beside those that it makes: they are compared, ranked and chosen like them. Into a step that makes pictures come pictures, into one that makes texts come texts.",
    errors: { types: [NotFoundError, ForbiddenError, RunNotActiveError, StepClosedError, InvalidInputError] },
    resolve: (_root, { input: { stepId, candidates } }, { engine, generators, actor }) =>
      importCandidates({ ...engine, generators }, actor, {
        runStepId: databaseId("RunStep", stepId),
        candidates: candidates.map(({ parentId, meta, ...candidate }) => ({
          ...candidate,
          parentId: parentId == null ? null : databaseId("Candidate", parentId),
          meta: (meta ?? undefined) as Json | undefined,
        })),
      }),
  },
  {
    name: "ImportCandidatesSuccess",
    description: "They are there.",
    outputFields: (t) => ({
      candidates: t.prismaField({
        type: [CandidateNode],
        description: "They, in the order of the input.",
        resolve: (query, { candidateIds }, _args, context, info) =>
          rowsById(context, info.fieldNodes[0] as object, candidateIds, (ids) =>
            context.prisma.candidate.findMany({ ...query, where: { id: { in: ids } } }),
          ),
      }),
      step: runStepField(t),
      run: runField(t),
      cursor: cursorField(t),
    }),
  },
);
