-- The way back to the tables before gates. Runs keep their candidates, votes and jobs; what only gates know (run
-- steps, approvals, alerts, events) is lost. Runs that waited go on without filtering; rejected ones stay ended.

DROP TRIGGER "nothing_passes_a_closed_gate" ON "jobs";
DROP FUNCTION "sluice_nothing_passes_a_closed_gate"();

ALTER TABLE "candidates" ADD COLUMN "pipeline_step_id" INTEGER REFERENCES "pipeline_steps" ("id");
ALTER TABLE "jobs" ADD COLUMN "pipeline_step_id" INTEGER REFERENCES "pipeline_steps" ("id");
UPDATE "candidates" c SET "pipeline_step_id" = rs."pipeline_step_id"
  FROM "pipeline_run_steps" rs WHERE rs."id" = c."pipeline_run_step_id";
UPDATE "jobs" j SET "pipeline_step_id" = rs."pipeline_step_id"
  FROM "pipeline_run_steps" rs WHERE rs."id" = j."pipeline_run_step_id";

ALTER TABLE "candidates" ALTER COLUMN "pipeline_step_id" SET NOT NULL,
  DROP COLUMN "pipeline_run_step_id", DROP COLUMN "advancement", DROP COLUMN "open_slots", DROP COLUMN "next_ordinal";
ALTER TABLE "jobs" ALTER COLUMN "pipeline_step_id" SET NOT NULL, DROP COLUMN "pipeline_run_step_id";
ALTER TABLE "votes" DROP COLUMN "pipeline_run_step_id";
CREATE UNIQUE INDEX "candidates_slot_key"
  ON "candidates" ("pipeline_run_id", "pipeline_step_id", "parent_id", "ordinal") NULLS NOT DISTINCT;
CREATE UNIQUE INDEX "jobs_slot_key"
  ON "jobs" ("pipeline_run_id", "pipeline_step_id", "parent_id", "ordinal") NULLS NOT DISTINCT;

DROP TABLE "run_events";
DROP TABLE "alerts";
DROP TABLE "approvals";
DROP TABLE "pipeline_run_steps";
DROP FUNCTION "sluice_decisions_are_final"();

ALTER TABLE "pipelines" DROP COLUMN "default_k";
ALTER TABLE "pipeline_steps" DROP COLUMN "gate", DROP COLUMN "top_k", DROP COLUMN "stall_after_seconds";
ALTER TABLE "pipeline_runs" DROP COLUMN "default_top_k", DROP COLUMN "event_seq";

ALTER TYPE "run_status" RENAME TO "run_status_with_gates";
CREATE TYPE "run_status" AS ENUM ('RUNNING', 'COMPLETED', 'FAILED', 'ABORTED');
ALTER TABLE "pipeline_runs" ALTER COLUMN "status" DROP DEFAULT,
  ALTER COLUMN "status" TYPE "run_status" USING (
    CASE "status"::text WHEN 'WAITING_FOR_APPROVAL' THEN 'RUNNING' WHEN 'REJECTED' THEN 'ABORTED' ELSE "status"::text END
  )::"run_status",
  ALTER COLUMN "status" SET DEFAULT 'RUNNING';
DROP TYPE "run_status_with_gates";
DROP TYPE "gate_policy";
DROP TYPE "step_status";
DROP TYPE "advancement";
DROP TYPE "approval_status";
DROP TYPE "alert_kind";
