-- The way back to decisions by one person each, without rounds. Candidates of earlier rounds stay, rejected, and what
-- was decided in those rounds as cancelled; the audit entries are lost. The two new enum values stay behind, unused:
-- PostgreSQL cannot take a value out.

UPDATE "candidates" SET "status" = 'REJECTED', "rejected_at" = CURRENT_TIMESTAMP WHERE "status" = 'SUPERSEDED';
UPDATE "jobs" j SET "status" = 'CANCELLED' FROM "pipeline_run_steps" rs
WHERE rs."id" = j."pipeline_run_step_id" AND j."round" < rs."round" AND j."status" = 'FAILED';
ALTER TABLE "approvals" DROP CONSTRAINT "approvals_sent_back_has_target";
UPDATE "approvals" a SET "status" = 'CANCELLED' FROM "pipeline_run_steps" rs
WHERE rs."id" = a."pipeline_run_step_id" AND (a."status" = 'SENT_BACK' OR a."round" < rs."round") AND a."status" <> 'PENDING';
DROP INDEX "approvals_one_decision";
CREATE UNIQUE INDEX "approvals_one_decision" ON "approvals" ("pipeline_run_step_id") WHERE "status" IN ('APPROVED', 'REJECTED');
DROP TABLE "sign_offs";
DROP TABLE "audit_entries";
DROP FUNCTION "sluice_audit_is_append_only"();

CREATE OR REPLACE FUNCTION "sluice_decisions_are_final"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."approved" AND NOT NEW."approved" THEN
    RAISE EXCEPTION 'Approvals cannot be reverted (run step %).', OLD."id" USING ERRCODE = 'check_violation';
  END IF;
  IF OLD."frozen_at" IS NOT NULL AND NEW."frozen_at" IS DISTINCT FROM OLD."frozen_at" THEN
    RAISE EXCEPTION 'What advances is frozen once (run step %).', OLD."id" USING ERRCODE = 'check_violation';
  END IF;
  NEW."updated_at" := CURRENT_TIMESTAMP;
  RETURN NEW;
END $$;

ALTER TABLE "approvals" DROP COLUMN "channel", DROP COLUMN "override_reason", DROP COLUMN "policy", DROP COLUMN "round",
  DROP COLUMN "sent_back_to", DROP COLUMN "stalled";
ALTER TABLE "candidates" DROP COLUMN "round";
ALTER TABLE "jobs" DROP COLUMN "round";
ALTER TABLE "pipeline_run_steps" DROP COLUMN "planned_top_k", DROP COLUMN "policy", DROP COLUMN "round";
ALTER TABLE "pipeline_runs" DROP COLUMN "approval_template", DROP COLUMN "ended_by_id", DROP COLUMN "forked_at_position",
  DROP COLUMN "forked_from_id";
ALTER TABLE "pipeline_steps" DROP COLUMN "policy";
ALTER TABLE "pipelines" DROP COLUMN "approval_templates";
DROP TYPE "channel";
