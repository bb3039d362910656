import { builder } from "./builder.ts";
import "./types/actor.ts";
import "./types/alert.ts";
import "./types/approval.ts";
import "./types/approval-preview.ts";
import "./types/candidate.ts";
import "./types/errors.ts";
import "./types/pipeline.ts";
import "./types/run.ts";
import "./types/run-event.ts";
import "./types/run-step.ts";
import "./types/vote.ts";

/** The executable schema. `schema.graphql` is its printed form. */
export const schema = builder.toSchema();
