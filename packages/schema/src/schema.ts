import { isObjectType } from "graphql";
import { builder } from "./builder.ts";
import { checkRowCursors } from "./row-cursors.ts";
import "./types/actor.ts";
import "./types/agent.ts";
import "./types/alert.ts";
import "./types/alert-mutations.ts";
import "./types/api-keys.ts";
import "./types/approval.ts";
import "./types/approval-mutations.ts";
import "./types/approval-preview.ts";
import "./types/audit.ts";
import "./types/candidate.ts";
import "./types/decision-times.ts";
import "./types/candidate-mutations.ts";
import "./types/decision-link.ts";
import "./types/delivery.ts";
import "./types/diagnosis.ts";
import "./types/errors.ts";
import "./types/fork.ts";
import "./types/leased-jobs.ts";
import "./types/generator.ts";
import "./types/import-mutations.ts";
import "./types/job-mutations.ts";
import "./types/job.ts";
import "./types/notification-setup.ts";
import "./types/operator-file.ts";
import "./types/people.ts";
import "./types/people-mutations.ts";
import "./types/pipeline.ts";
import "./types/pipeline-document.ts";
import "./types/pipeline-use.ts";
import "./types/policy.ts";
import "./types/round.ts";
import "./types/round-mutations.ts";
import "./types/run.ts";
import "./types/run-candidates.ts";
import "./types/run-mutations.ts";
import "./types/run-event.ts";
import "./types/run-step.ts";
import "./types/run-step-jobs.ts";
import "./types/run-step-mutations.ts";
import "./types/run-step-voting.ts";
import "./types/sign-off.ts";
import "./types/vote.ts";
import "./types/webhook.ts";
import "./types/webhook-mutations.ts";

/** The executable schema. `schema.graphql` is its printed form. */
export const schema = builder.toSchema();
checkRowCursors(schema);

// The Prisma plugin makes `totalCount` itself and takes no description for it.
for (const type of Object.values(schema.getTypeMap())) {
  const totalCount = isObjectType(type) ? type.getFields().totalCount : undefined;
  if (totalCount) totalCount.description ??= "How many there are on all pages.";
}
