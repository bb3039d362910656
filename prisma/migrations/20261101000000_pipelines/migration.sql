-- Pipelines, runs, candidates, votes and jobs as they were before gates: every candidate becomes a parent at once.

CREATE TYPE "credential_kind" AS ENUM ('SIGN_IN_LINK', 'SESSION', 'API_TOKEN');
CREATE TYPE "step_kind" AS ENUM ('GENERATE', 'AGENT', 'APPROVAL');
CREATE TYPE "rating_model" AS ENUM ('BRADLEY_TERRY', 'ELO');
CREATE TYPE "run_status" AS ENUM ('RUNNING', 'COMPLETED', 'FAILED', 'ABORTED');
CREATE TYPE "candidate_status" AS ENUM ('ACTIVE', 'REJECTED');
CREATE TYPE "vote_outcome" AS ENUM ('LEFT', 'RIGHT', 'TIE', 'BOTH_BAD', 'SKIP');
CREATE TYPE "job_status" AS ENUM ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED');

-- People

CREATE TABLE "actors" (
  "id" SERIAL PRIMARY KEY,
  "name" TEXT NOT NULL CHECK ("name" <> ''),
  "role" TEXT NOT NULL DEFAULT 'OWNER',
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX "actors_name_key" ON "actors" ("name");

CREATE TABLE "credentials" (
  "id" SERIAL PRIMARY KEY,
  "actor_id" INTEGER NOT NULL REFERENCES "actors" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "kind" "credential_kind" NOT NULL,
  "secret_hash" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3),
  "used_at" TIMESTAMPTZ(3),
  "revoked_at" TIMESTAMPTZ(3)
);
CREATE UNIQUE INDEX "credentials_secret_hash_key" ON "credentials" ("secret_hash");
CREATE INDEX "credentials_actor_id_idx" ON "credentials" ("actor_id");

-- Templates

CREATE TABLE "pipelines" (
  "id" SERIAL PRIMARY KEY,
  "name" TEXT NOT NULL CHECK ("name" <> ''),
  "version" INTEGER NOT NULL DEFAULT 1,
  "description" TEXT,
  "default_n" INTEGER NOT NULL DEFAULT 3 CHECK ("default_n" >= 1),
  "rating_model" "rating_model" NOT NULL DEFAULT 'BRADLEY_TERRY',
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX "pipelines_name_version_key" ON "pipelines" ("name", "version");

CREATE TABLE "pipeline_steps" (
  "id" SERIAL PRIMARY KEY,
  "pipeline_id" INTEGER NOT NULL REFERENCES "pipelines" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "position" INTEGER NOT NULL CHECK ("position" >= 1),
  "name" TEXT NOT NULL CHECK ("name" <> ''),
  "kind" "step_kind" NOT NULL,
  "description" TEXT,
  "generator" TEXT,
  "config" JSONB NOT NULL DEFAULT '{}',
  "max_children" INTEGER CHECK ("max_children" >= 1),
  "failure_budget" INTEGER NOT NULL DEFAULT 12 CHECK ("failure_budget" >= 0),
  CONSTRAINT "pipeline_steps_generator_unless_approval" CHECK (("generator" IS NULL) = ("kind" = 'APPROVAL'))
);
CREATE UNIQUE INDEX "pipeline_steps_pipeline_id_position_key" ON "pipeline_steps" ("pipeline_id", "position");

-- Runs

CREATE TABLE "pipeline_runs" (
  "id" SERIAL PRIMARY KEY,
  "pipeline_id" INTEGER NOT NULL REFERENCES "pipelines" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "name" TEXT NOT NULL,
  "prompt" TEXT NOT NULL,
  "variables" JSONB NOT NULL DEFAULT '{}',
  "status" "run_status" NOT NULL DEFAULT 'RUNNING',
  "status_reason" TEXT,
  "max_children_per_node" INTEGER NOT NULL DEFAULT 3 CHECK ("max_children_per_node" >= 1),
  "created_by_id" INTEGER REFERENCES "actors" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "finished_at" TIMESTAMPTZ(3)
);
CREATE INDEX "pipeline_runs_status_id_idx" ON "pipeline_runs" ("status", "id");
CREATE INDEX "pipeline_runs_pipeline_id_idx" ON "pipeline_runs" ("pipeline_id");

-- Candidates

CREATE TABLE "candidates" (
  "id" SERIAL PRIMARY KEY,
  "pipeline_run_id" INTEGER NOT NULL REFERENCES "pipeline_runs" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "pipeline_step_id" INTEGER NOT NULL REFERENCES "pipeline_steps" ("id"),
  "parent_id" INTEGER REFERENCES "candidates" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
  "ordinal" INTEGER NOT NULL CHECK ("ordinal" >= 1),
  "status" "candidate_status" NOT NULL DEFAULT 'ACTIVE',
  "elo" DOUBLE PRECISION NOT NULL DEFAULT 1000,
  "vote_count" INTEGER NOT NULL DEFAULT 0 CHECK ("vote_count" >= 0),
  "text" TEXT,
  "meta" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "rejected_at" TIMESTAMPTZ(3),
  CONSTRAINT "candidates_rejected_has_time" CHECK (("status" = 'REJECTED') = ("rejected_at" IS NOT NULL)),
  CONSTRAINT "candidates_not_own_parent" CHECK ("parent_id" <> "id")
);
-- One candidate per slot; step 1 has slots without a parent, which count as equal here.
CREATE UNIQUE INDEX "candidates_slot_key"
  ON "candidates" ("pipeline_run_id", "pipeline_step_id", "parent_id", "ordinal") NULLS NOT DISTINCT;
CREATE INDEX "candidates_parent_id_idx" ON "candidates" ("parent_id");
CREATE INDEX "candidates_pipeline_run_id_idx" ON "candidates" ("pipeline_run_id");

CREATE TABLE "assets" (
  "sha256" TEXT PRIMARY KEY CHECK ("sha256" ~ '^[0-9a-f]{64}$'),
  "media_type" TEXT NOT NULL,
  "bytes" INTEGER NOT NULL CHECK ("bytes" >= 0),
  "width" INTEGER,
  "height" INTEGER,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE "candidate_assets" (
  "candidate_id" INTEGER NOT NULL REFERENCES "candidates" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "position" INTEGER NOT NULL,
  "sha256" TEXT NOT NULL REFERENCES "assets" ("sha256") ON DELETE RESTRICT ON UPDATE CASCADE,
  PRIMARY KEY ("candidate_id", "position")
);
CREATE INDEX "candidate_assets_sha256_idx" ON "candidate_assets" ("sha256");

CREATE TABLE "votes" (
  "id" SERIAL PRIMARY KEY,
  "left_id" INTEGER NOT NULL REFERENCES "candidates" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "right_id" INTEGER NOT NULL REFERENCES "candidates" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "outcome" "vote_outcome" NOT NULL,
  "voter_id" INTEGER NOT NULL REFERENCES "actors" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "revoked_at" TIMESTAMPTZ(3),
  CONSTRAINT "votes_two_candidates" CHECK ("left_id" <> "right_id")
);
-- One valid vote per person and unordered pair.
CREATE UNIQUE INDEX "votes_one_per_person_and_pair"
  ON "votes" ("voter_id", LEAST("left_id", "right_id"), GREATEST("left_id", "right_id")) WHERE "revoked_at" IS NULL;
CREATE INDEX "votes_left_id_idx" ON "votes" ("left_id");
CREATE INDEX "votes_right_id_idx" ON "votes" ("right_id");

-- Jobs

CREATE TABLE "workers" (
  "id" SERIAL PRIMARY KEY,
  "name" TEXT NOT NULL,
  "runner_ids" TEXT[] NOT NULL DEFAULT '{}',
  "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "stopped_at" TIMESTAMPTZ(3)
);

CREATE TABLE "jobs" (
  "id" SERIAL PRIMARY KEY,
  "pipeline_run_id" INTEGER NOT NULL REFERENCES "pipeline_runs" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "pipeline_step_id" INTEGER NOT NULL REFERENCES "pipeline_steps" ("id"),
  "parent_id" INTEGER REFERENCES "candidates" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
  "ordinal" INTEGER NOT NULL CHECK ("ordinal" >= 1),
  "seed" BIGINT NOT NULL CHECK ("seed" BETWEEN 0 AND 4294967295),
  "status" "job_status" NOT NULL DEFAULT 'QUEUED',
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "fence" INTEGER NOT NULL DEFAULT 0,
  "worker_id" INTEGER REFERENCES "workers" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
  "progress" DOUBLE PRECISION NOT NULL DEFAULT 0 CHECK ("progress" BETWEEN 0 AND 1),
  "progress_message" TEXT,
  "error" TEXT,
  "queued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "started_at" TIMESTAMPTZ(3),
  "finished_at" TIMESTAMPTZ(3),
  "candidate_id" INTEGER REFERENCES "candidates" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "jobs_candidate_id_key" ON "jobs" ("candidate_id");
-- One job per slot, whatever races.
CREATE UNIQUE INDEX "jobs_slot_key"
  ON "jobs" ("pipeline_run_id", "pipeline_step_id", "parent_id", "ordinal") NULLS NOT DISTINCT;
CREATE INDEX "jobs_pipeline_run_id_idx" ON "jobs" ("pipeline_run_id");
CREATE INDEX "jobs_parent_id_idx" ON "jobs" ("parent_id");
CREATE INDEX "jobs_worker_id_status_idx" ON "jobs" ("worker_id", "status");
