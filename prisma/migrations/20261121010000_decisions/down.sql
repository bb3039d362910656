-- The way back to decisions by one person each, without rounds. Candidates of earlier rounds stay, rejected; the audit
-- entries are lost. The two new enum values stay behind, unused: PostgreSQL cannot take a value out.

UPDATE "candidates" SET "status" = 'REJECTED' WHERE "status" = 'SUPERSEDED';
UPDATE "approvals" SET "status" = 'CANCELLED' WHERE "status" = 'SENT_BACK';
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
ALTER TABLE "pipeline_run_steps" DROP COLUMN "policy", DROP COLUMN "round";
ALTER TABLE "pipeline_runs" DROP COLUMN "approval_template", DROP COLUMN "ended_by_id", DROP COLUMN "forked_at_position",
  DROP COLUMN "forked_from_id";
ALTER TABLE "pipeline_steps" DROP COLUMN "policy";
ALTER TABLE "pipelines" DROP COLUMN "approval_templates";
DROP TYPE "channel";
