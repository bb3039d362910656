-- Who may decide a gate, and on what evidence: policies, sign-offs of several people, rounds of steps that are sent
-- back, runs that begin with another's candidates, and the chain of audit entries. down.sql beside this file is the way back.

CREATE TYPE "channel" AS ENUM ('DASHBOARD', 'API', 'LINK', 'POLICY');
ALTER TYPE "approval_status" ADD VALUE IF NOT EXISTS 'SENT_BACK';
ALTER TYPE "candidate_status" ADD VALUE IF NOT EXISTS 'SUPERSEDED';
ALTER TABLE "approvals" ADD COLUMN "channel" "channel",
  ADD COLUMN "override_reason" TEXT,
  ADD COLUMN "policy" JSONB,
  ADD COLUMN "round" INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN "sent_back_to" INTEGER,
  ADD COLUMN "stalled" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "candidates" ADD COLUMN "round" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "jobs" ADD COLUMN "round" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "pipeline_run_steps" ADD COLUMN "planned_top_k" INTEGER,
  ADD COLUMN "policy" JSONB NOT NULL DEFAULT '{}',
  ADD COLUMN "round" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "pipeline_runs" ADD COLUMN "approval_template" TEXT,
  ADD COLUMN "ended_by_id" INTEGER,
  ADD COLUMN "forked_at_position" INTEGER,
  ADD COLUMN "forked_from_id" INTEGER;
ALTER TABLE "pipeline_steps" ADD COLUMN "policy" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "pipelines" ADD COLUMN "approval_templates" JSONB NOT NULL DEFAULT '[]';
CREATE TABLE "sign_offs" (
  "id" SERIAL NOT NULL,
  "approval_id" INTEGER NOT NULL,
  "actor_id" INTEGER NOT NULL,
  "top_k" INTEGER NOT NULL,
  "ranking_version" INTEGER NOT NULL,
  "advancing" INTEGER[],
  "comment" TEXT,
  "channel" "channel" NOT NULL,
  "override_reason" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "withdrawn_at" TIMESTAMPTZ(3),
  CONSTRAINT "sign_offs_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "audit_entries" (
  "id" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "pipeline_run_id" INTEGER NOT NULL,
  "pipeline_run_step_id" INTEGER NOT NULL,
  "approval_id" INTEGER,
  "type" TEXT NOT NULL,
  "actor_id" INTEGER,
  "actor_name" TEXT,
  "channel" "channel",
  "entry" TEXT NOT NULL,
  "hash" TEXT NOT NULL,
  "previous_hash" TEXT NOT NULL,
  CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "sign_offs_approval_id_idx" ON "sign_offs"("approval_id");
CREATE INDEX "sign_offs_actor_id_idx" ON "sign_offs"("actor_id");
CREATE INDEX "audit_entries_pipeline_run_id_idx" ON "audit_entries"("pipeline_run_id");
CREATE INDEX "pipeline_runs_forked_from_id_idx" ON "pipeline_runs"("forked_from_id");
ALTER TABLE "pipeline_runs" ADD CONSTRAINT "pipeline_runs_ended_by_id_fkey" FOREIGN KEY ("ended_by_id") REFERENCES "actors"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "pipeline_runs" ADD CONSTRAINT "pipeline_runs_forked_from_id_fkey" FOREIGN KEY ("forked_from_id") REFERENCES "pipeline_runs"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "sign_offs" ADD CONSTRAINT "sign_offs_approval_id_fkey" FOREIGN KEY ("approval_id") REFERENCES "approvals"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "sign_offs" ADD CONSTRAINT "sign_offs_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "actors"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "pipeline_run_steps" ADD CONSTRAINT "pipeline_run_steps_round_at_least_1" CHECK ("round" >= 1);
-- By the values that are no decision: a value that this transaction adds to an enum cannot be named in it.
DROP INDEX "approvals_one_decision";
CREATE UNIQUE INDEX "approvals_one_decision" ON "approvals" ("pipeline_run_step_id", "round")
  WHERE "status" NOT IN ('PENDING', 'CANCELLED');
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_sent_back_has_target"
  CHECK (("status" NOT IN ('PENDING', 'APPROVED', 'REJECTED', 'CANCELLED')) = ("sent_back_to" IS NOT NULL));
-- One person consents once to one request.
CREATE UNIQUE INDEX "sign_offs_one_per_person" ON "sign_offs" ("approval_id", "actor_id") WHERE "withdrawn_at" IS NULL;

-- A decision is final within its round. A step that is sent back begins a round of its own, with nothing decided.
CREATE OR REPLACE FUNCTION "sluice_decisions_are_final"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."round" = OLD."round" THEN
    IF OLD."approved" AND NOT NEW."approved" THEN
      RAISE EXCEPTION 'Approvals cannot be reverted (run step %).', OLD."id" USING ERRCODE = 'check_violation';
    END IF;
    IF OLD."frozen_at" IS NOT NULL AND NEW."frozen_at" IS DISTINCT FROM OLD."frozen_at" THEN
      RAISE EXCEPTION 'What advances is frozen once (run step %).', OLD."id" USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW."round" <> OLD."round" + 1 THEN
    RAISE EXCEPTION 'Rounds follow each other one by one (run step %).', OLD."id" USING ERRCODE = 'check_violation';
  ELSIF NEW."frozen_at" IS NOT NULL OR (NEW."approved" AND NEW."gate" = 'MANUAL') THEN
    RAISE EXCEPTION 'A round begins with nothing decided (run step %).', OLD."id" USING ERRCODE = 'check_violation';
  END IF;
  NEW."updated_at" := CURRENT_TIMESTAMP;
  RETURN NEW;
END $$;

-- What is in the chain stays as it is.
CREATE FUNCTION "sluice_audit_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Audit entries are neither changed nor taken out.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER "audit_is_append_only" BEFORE UPDATE OR DELETE ON "audit_entries"
  FOR EACH ROW EXECUTE FUNCTION "sluice_audit_is_append_only"();
CREATE TRIGGER "audit_is_not_truncated" BEFORE TRUNCATE ON "audit_entries"
  FOR EACH STATEMENT EXECUTE FUNCTION "sluice_audit_is_append_only"();
