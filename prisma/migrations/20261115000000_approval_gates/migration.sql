-- Gates: every step of every run gets a row of its own, and only what its gate lets through becomes a parent.
-- Runs that exist go on as they began: their gates are OPEN and approved. down.sql beside this file is the way back.

ALTER TYPE "run_status" ADD VALUE 'WAITING_FOR_APPROVAL';
ALTER TYPE "run_status" ADD VALUE 'REJECTED';

CREATE TYPE "gate_policy" AS ENUM ('MANUAL', 'AUTO', 'OPEN');
CREATE TYPE "step_status" AS ENUM ('BLOCKED', 'GENERATING', 'AWAITING_APPROVAL', 'APPROVED', 'REJECTED');
CREATE TYPE "advancement" AS ENUM ('UNDECIDED', 'ADVANCING', 'NOT_ADVANCING');
CREATE TYPE "approval_status" AS ENUM ('PENDING', 'APPROVED', 'REJECTED', 'CANCELLED');
CREATE TYPE "alert_kind" AS ENUM ('APPROVAL_STALLED', 'GENERATION_STALLED', 'GENERATION_FAILING');

ALTER TABLE "pipelines" ADD COLUMN "default_k" INTEGER NOT NULL DEFAULT 3 CHECK ("default_k" >= 1);

ALTER TABLE "pipeline_steps"
  ADD COLUMN "gate" "gate_policy",
  ADD COLUMN "top_k" INTEGER CHECK ("top_k" >= 1),
  ADD COLUMN "stall_after_seconds" INTEGER NOT NULL DEFAULT 86400 CHECK ("stall_after_seconds" >= 1);

ALTER TABLE "pipeline_runs"
  ADD COLUMN "default_top_k" INTEGER NOT NULL DEFAULT 3 CHECK ("default_top_k" >= 1),
  ADD COLUMN "event_seq" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE "pipeline_run_steps" (
  "id" SERIAL PRIMARY KEY,
  "pipeline_run_id" INTEGER NOT NULL REFERENCES "pipeline_runs" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "pipeline_step_id" INTEGER NOT NULL REFERENCES "pipeline_steps" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "position" INTEGER NOT NULL CHECK ("position" >= 1),
  "status" "step_status" NOT NULL DEFAULT 'BLOCKED',
  "gate" "gate_policy" NOT NULL,
  "approved" BOOLEAN NOT NULL DEFAULT false,
  "approved_at" TIMESTAMPTZ(3),
  "approved_by_id" INTEGER REFERENCES "actors" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
  "comment" TEXT,
  "top_k_count" INTEGER NOT NULL DEFAULT 3,
  "max_children" INTEGER NOT NULL DEFAULT 3 CHECK ("max_children" >= 1),
  "ranking_version" INTEGER NOT NULL DEFAULT 0,
  "frozen_at" TIMESTAMPTZ(3),
  "settled_at" TIMESTAMPTZ(3),
  "last_progress_at" TIMESTAMPTZ(3),
  "expected_candidates" INTEGER NOT NULL DEFAULT 0 CHECK ("expected_candidates" >= 0),
  "open_slots" INTEGER NOT NULL DEFAULT 0 CHECK ("open_slots" >= 0),
  "next_ordinal" INTEGER NOT NULL DEFAULT 1,
  "failed_attempts" INTEGER NOT NULL DEFAULT 0,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "pipeline_run_steps_k_at_least_1" CHECK ("top_k_count" >= 1),
  CONSTRAINT "pipeline_run_steps_approved_has_time" CHECK (NOT "approved" OR "approved_at" IS NOT NULL),
  CONSTRAINT "pipeline_run_steps_frozen_is_approved" CHECK ("frozen_at" IS NULL OR "approved"),
  CONSTRAINT "pipeline_run_steps_status_is_approved" CHECK ("status" <> 'APPROVED' OR "approved")
);
CREATE UNIQUE INDEX "pipeline_run_steps_pipeline_run_id_pipeline_step_id_key"
  ON "pipeline_run_steps" ("pipeline_run_id", "pipeline_step_id");
CREATE UNIQUE INDEX "pipeline_run_steps_pipeline_run_id_position_key"
  ON "pipeline_run_steps" ("pipeline_run_id", "position");
CREATE INDEX "pipeline_run_steps_pipeline_step_id_idx" ON "pipeline_run_steps" ("pipeline_step_id");
-- What the stall check looks for.
CREATE INDEX "pipeline_run_steps_waiting" ON "pipeline_run_steps" ("status", "settled_at")
  WHERE "status" IN ('AWAITING_APPROVAL', 'GENERATING');

ALTER TABLE "candidates"
  ADD COLUMN "pipeline_run_step_id" INTEGER
    REFERENCES "pipeline_run_steps" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD COLUMN "advancement" "advancement" NOT NULL DEFAULT 'UNDECIDED',
  ADD COLUMN "open_slots" INTEGER NOT NULL DEFAULT 0 CHECK ("open_slots" >= 0),
  ADD COLUMN "next_ordinal" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "jobs"
  ADD COLUMN "pipeline_run_step_id" INTEGER
    REFERENCES "pipeline_run_steps" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "votes"
  ADD COLUMN "pipeline_run_step_id" INTEGER
    REFERENCES "pipeline_run_steps" ("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Backfill: a row for every (run, step), approved and OPEN, so that nothing is filtered and nothing waits.
-- The engine settles the steps of runs that are under way at its next look.
DO $$
DECLARE
  step_count INTEGER;
  run_count INTEGER;
BEGIN
  INSERT INTO "pipeline_run_steps"
    ("pipeline_run_id", "pipeline_step_id", "position", "status", "gate", "approved", "approved_at",
     "top_k_count", "max_children", "frozen_at", "settled_at", "last_progress_at")
  SELECT r."id", s."id", s."position",
    (CASE WHEN r."status" <> 'RUNNING' THEN 'APPROVED' WHEN s."position" = 1 THEN 'GENERATING' ELSE 'BLOCKED' END)::"step_status",
    'OPEN', true, CURRENT_TIMESTAMP,
    r."max_children_per_node", COALESCE(s."max_children", r."max_children_per_node"),
    CASE WHEN r."status" <> 'RUNNING' THEN CURRENT_TIMESTAMP END,
    CASE WHEN r."status" <> 'RUNNING' THEN CURRENT_TIMESTAMP END,
    CURRENT_TIMESTAMP
  FROM "pipeline_runs" r
  JOIN "pipeline_steps" s ON s."pipeline_id" = r."pipeline_id";

  SELECT count(*), count(DISTINCT "pipeline_run_id") INTO step_count, run_count FROM "pipeline_run_steps";
  IF run_count > 0 THEN
    RAISE NOTICE 'Auto-approved % steps for % runs', step_count, run_count;
  END IF;
END $$;

UPDATE "candidates" c
SET "pipeline_run_step_id" = rs."id",
    "advancement" = (CASE c."status" WHEN 'ACTIVE' THEN 'ADVANCING' ELSE 'NOT_ADVANCING' END)::"advancement"
FROM "pipeline_run_steps" rs
WHERE rs."pipeline_run_id" = c."pipeline_run_id" AND rs."pipeline_step_id" = c."pipeline_step_id";

UPDATE "jobs" j
SET "pipeline_run_step_id" = rs."id"
FROM "pipeline_run_steps" rs
WHERE rs."pipeline_run_id" = j."pipeline_run_id" AND rs."pipeline_step_id" = j."pipeline_step_id";

UPDATE "votes" v
SET "pipeline_run_step_id" = c."pipeline_run_step_id"
FROM "candidates" c
WHERE c."id" = v."left_id";

-- What is left to make. A slot is taken by an active candidate, a job in flight or a job that was given up.
CREATE TEMPORARY TABLE "taken_slots" AS
SELECT "pipeline_run_step_id", "parent_id", sum("takes")::int AS "taken", max("ordinal") AS "last_ordinal"
FROM (
  SELECT "pipeline_run_step_id", "parent_id", "ordinal", ("status" = 'ACTIVE')::int AS "takes" FROM "candidates"
  UNION ALL
  SELECT "pipeline_run_step_id", "parent_id", "ordinal", ("status" IN ('QUEUED', 'RUNNING', 'FAILED'))::int FROM "jobs"
) slot
GROUP BY "pipeline_run_step_id", "parent_id";

UPDATE "pipeline_run_steps" rs
SET "open_slots" = CASE WHEN rs."settled_at" IS NULL THEN GREATEST(0, rs."max_children" - COALESCE(t."taken", 0)) ELSE 0 END,
    "next_ordinal" = COALESCE(t."last_ordinal", 0) + 1
FROM "pipeline_run_steps" first
JOIN "pipeline_steps" s ON s."id" = first."pipeline_step_id" AND s."kind" <> 'APPROVAL'
LEFT JOIN "taken_slots" t ON t."pipeline_run_step_id" = first."id" AND t."parent_id" IS NULL
WHERE first."id" = rs."id" AND rs."position" = 1;

-- Children are made by the next step that generates: an APPROVAL step makes nothing.
CREATE TEMPORARY TABLE "child_steps" AS
SELECT own."id" AS "parent_step_id", child.*
FROM "pipeline_run_steps" own
CROSS JOIN LATERAL (
  SELECT rs."id", rs."settled_at", rs."max_children"
  FROM "pipeline_run_steps" rs JOIN "pipeline_steps" s ON s."id" = rs."pipeline_step_id"
  WHERE rs."pipeline_run_id" = own."pipeline_run_id" AND rs."position" > own."position" AND s."kind" <> 'APPROVAL'
  ORDER BY rs."position" LIMIT 1
) child;

UPDATE "candidates" c
SET "open_slots" = CASE WHEN child."settled_at" IS NULL AND c."status" = 'ACTIVE'
      THEN GREATEST(0, child."max_children" - COALESCE(t."taken", 0)) ELSE 0 END,
    "next_ordinal" = COALESCE(t."last_ordinal", 0) + 1
FROM "candidates" parent
JOIN "child_steps" child ON child."parent_step_id" = parent."pipeline_run_step_id"
LEFT JOIN "taken_slots" t ON t."pipeline_run_step_id" = child."id" AND t."parent_id" = parent."id"
WHERE parent."id" = c."id";

UPDATE "pipeline_run_steps" rs
SET "expected_candidates" = rs."open_slots"
  + COALESCE((SELECT sum(t."taken") FROM "taken_slots" t WHERE t."pipeline_run_step_id" = rs."id"), 0)
  + COALESCE((SELECT sum(p."open_slots") FROM "candidates" p
      JOIN "child_steps" child ON child."parent_step_id" = p."pipeline_run_step_id" AND child."id" = rs."id"), 0);

DROP TABLE "child_steps";
DROP TABLE "taken_slots";

-- From here on the run step is what candidates, jobs and votes belong to.
DROP INDEX "candidates_slot_key";
DROP INDEX "jobs_slot_key";
ALTER TABLE "candidates" ALTER COLUMN "pipeline_run_step_id" SET NOT NULL, DROP COLUMN "pipeline_step_id";
ALTER TABLE "jobs" ALTER COLUMN "pipeline_run_step_id" SET NOT NULL, DROP COLUMN "pipeline_step_id";
ALTER TABLE "votes" ALTER COLUMN "pipeline_run_step_id" SET NOT NULL;
-- One candidate and one job per slot; slots without a parent count as equal.
CREATE UNIQUE INDEX "candidates_slot_key"
  ON "candidates" ("pipeline_run_step_id", "parent_id", "ordinal") NULLS NOT DISTINCT;
CREATE UNIQUE INDEX "jobs_slot_key"
  ON "jobs" ("pipeline_run_step_id", "parent_id", "ordinal") NULLS NOT DISTINCT;
CREATE INDEX "candidates_pipeline_run_step_id_elo_idx" ON "candidates" ("pipeline_run_step_id", "elo" DESC);
-- What job selection reads: only parents with slots to fill, however many candidates there are.
CREATE INDEX "candidates_open_slots" ON "candidates" ("pipeline_run_id", "pipeline_run_step_id") WHERE "open_slots" > 0;
CREATE INDEX "jobs_pipeline_run_step_id_status_idx" ON "jobs" ("pipeline_run_step_id", "status");
CREATE INDEX "votes_pipeline_run_step_id_id_idx" ON "votes" ("pipeline_run_step_id", "id");
ALTER TABLE "candidates" ADD CONSTRAINT "candidates_only_parents_have_slots"
  CHECK ("open_slots" = 0 OR ("status" = 'ACTIVE' AND "advancement" = 'ADVANCING'));

-- Approvals, alerts, events

CREATE TABLE "approvals" (
  "id" SERIAL PRIMARY KEY,
  "pipeline_run_id" INTEGER NOT NULL REFERENCES "pipeline_runs" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "pipeline_run_step_id" INTEGER NOT NULL REFERENCES "pipeline_run_steps" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "status" "approval_status" NOT NULL DEFAULT 'PENDING',
  "comment" TEXT,
  "decided_by_id" INTEGER REFERENCES "actors" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
  "decided_at" TIMESTAMPTZ(3),
  "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "top_k" INTEGER CHECK ("top_k" >= 1),
  "ranking_version" INTEGER,
  "snapshot" JSONB,
  CONSTRAINT "approvals_decided_has_time" CHECK (("status" = 'PENDING') = ("decided_at" IS NULL))
);
-- One request waits at a time, and one decision is made.
CREATE UNIQUE INDEX "approvals_one_pending" ON "approvals" ("pipeline_run_step_id") WHERE "status" = 'PENDING';
CREATE UNIQUE INDEX "approvals_one_decision" ON "approvals" ("pipeline_run_step_id") WHERE "status" IN ('APPROVED', 'REJECTED');
CREATE INDEX "approvals_pipeline_run_step_id_idx" ON "approvals" ("pipeline_run_step_id");
CREATE INDEX "approvals_pipeline_run_id_idx" ON "approvals" ("pipeline_run_id");
CREATE INDEX "approvals_status_requested_at_idx" ON "approvals" ("status", "requested_at");

CREATE TABLE "alerts" (
  "id" SERIAL PRIMARY KEY,
  "kind" "alert_kind" NOT NULL,
  "pipeline_run_id" INTEGER NOT NULL REFERENCES "pipeline_runs" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "pipeline_run_step_id" INTEGER REFERENCES "pipeline_run_steps" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "message" TEXT NOT NULL,
  "raised_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "acknowledged_at" TIMESTAMPTZ(3),
  "resolved_at" TIMESTAMPTZ(3)
);
-- One alert per stall, not per check.
CREATE UNIQUE INDEX "alerts_one_per_stall"
  ON "alerts" ("kind", "pipeline_run_id", "pipeline_run_step_id") NULLS NOT DISTINCT WHERE "resolved_at" IS NULL;
CREATE INDEX "alerts_pipeline_run_id_idx" ON "alerts" ("pipeline_run_id");
CREATE INDEX "alerts_pipeline_run_step_id_idx" ON "alerts" ("pipeline_run_step_id");

CREATE TABLE "run_events" (
  "id" BIGSERIAL PRIMARY KEY,
  "pipeline_run_id" INTEGER NOT NULL REFERENCES "pipeline_runs" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "seq" INTEGER NOT NULL CHECK ("seq" >= 1),
  "type" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "actor_name" TEXT,
  "data" JSONB NOT NULL DEFAULT '{}',
  "xid" xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE UNIQUE INDEX "run_events_pipeline_run_id_seq_key" ON "run_events" ("pipeline_run_id", "seq");
-- The order of the tail over all runs.
CREATE INDEX "run_events_tail" ON "run_events" ("xid", "id");

-- What no code may do, whatever path it takes.

CREATE FUNCTION "sluice_decisions_are_final"() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER "decisions_are_final" BEFORE UPDATE ON "pipeline_run_steps"
  FOR EACH ROW EXECUTE FUNCTION "sluice_decisions_are_final"();

CREATE FUNCTION "sluice_nothing_passes_a_closed_gate"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."parent_id" IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM "candidates" p
    JOIN "pipeline_run_steps" gate ON gate."id" = p."pipeline_run_step_id"
    JOIN "pipeline_run_steps" own ON own."id" = NEW."pipeline_run_step_id"
    WHERE p."id" = NEW."parent_id" AND p."status" = 'ACTIVE' AND p."advancement" = 'ADVANCING' AND gate."approved"
      AND p."pipeline_run_id" = NEW."pipeline_run_id" AND own."pipeline_run_id" = NEW."pipeline_run_id"
      AND gate."position" < own."position"
  ) THEN
    RAISE EXCEPTION 'Candidate % is no parent that an open gate let through.', NEW."parent_id" USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "nothing_passes_a_closed_gate" BEFORE INSERT ON "jobs"
  FOR EACH ROW EXECUTE FUNCTION "sluice_nothing_passes_a_closed_gate"();
