-- Generators beyond the built-in ones: work that goes on elsewhere and is taken up again after a restart, workers that
-- take jobs over the API, what making a candidate cost, and how much a run may spend.

ALTER TABLE "jobs"
  ADD COLUMN "generator" TEXT,
  ADD COLUMN "external_id" TEXT,
  ADD COLUMN "text_so_far" TEXT,
  ADD COLUMN "log" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "cost_usd" DOUBLE PRECISION NOT NULL DEFAULT 0 CHECK ("cost_usd" >= 0),
  ADD COLUMN "interruptions" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "reported_at" TIMESTAMPTZ(3),
  ADD COLUMN "lease_hash" TEXT,
  ADD COLUMN "lease_expires_at" TIMESTAMPTZ(3),
  ADD COLUMN "leased_to_id" INTEGER REFERENCES "actors" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
  ADD CONSTRAINT "jobs_lease_ends" CHECK (("lease_hash" IS NULL) = ("lease_expires_at" IS NULL));
UPDATE "jobs" j SET "generator" = s."generator"
  FROM "pipeline_run_steps" rs JOIN "pipeline_steps" s ON s."id" = rs."pipeline_step_id"
  WHERE rs."id" = j."pipeline_run_step_id";
ALTER TABLE "jobs" ALTER COLUMN "generator" SET NOT NULL;

-- How many of a generator's jobs run, and which wait for a worker of its own.
CREATE INDEX "jobs_running_generator" ON "jobs" ("generator") WHERE "status" = 'RUNNING';
CREATE INDEX "jobs_queued_generator" ON "jobs" ("generator", "id") WHERE "status" = 'QUEUED';
CREATE INDEX "jobs_leased" ON "jobs" ("lease_expires_at") WHERE "lease_expires_at" IS NOT NULL;
CREATE INDEX "jobs_leased_to_id_idx" ON "jobs" ("leased_to_id");

CREATE TABLE "job_previews" (
  "job_id" INTEGER PRIMARY KEY REFERENCES "jobs" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "media_type" TEXT NOT NULL,
  "bytes" BYTEA NOT NULL CHECK (octet_length("bytes") <= 1048576),
  "version" INTEGER NOT NULL DEFAULT 1
);

ALTER TABLE "candidates"
  ADD COLUMN "generator" TEXT,
  ADD COLUMN "model" TEXT,
  ADD COLUMN "cost_usd" DOUBLE PRECISION CHECK ("cost_usd" >= 0),
  ADD COLUMN "input_tokens" INTEGER CHECK ("input_tokens" >= 0),
  ADD COLUMN "output_tokens" INTEGER CHECK ("output_tokens" >= 0),
  ADD COLUMN "duration_ms" INTEGER CHECK ("duration_ms" >= 0),
  ADD COLUMN "warnings" TEXT[] NOT NULL DEFAULT '{}',
  ADD COLUMN "imported_by_id" INTEGER REFERENCES "actors" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
  ADD COLUMN "source" TEXT;
UPDATE "candidates" c SET "generator" = s."generator"
  FROM "pipeline_run_steps" rs JOIN "pipeline_steps" s ON s."id" = rs."pipeline_step_id"
  WHERE rs."id" = c."pipeline_run_step_id";
CREATE INDEX "candidates_imported_by_id_idx" ON "candidates" ("imported_by_id");

ALTER TABLE "pipelines"
  ADD COLUMN "max_jobs" INTEGER CHECK ("max_jobs" >= 1),
  ADD COLUMN "max_cost_usd" DOUBLE PRECISION CHECK ("max_cost_usd" >= 0);
ALTER TABLE "pipeline_runs"
  ADD COLUMN "max_jobs" INTEGER CHECK ("max_jobs" >= 1),
  ADD COLUMN "max_cost_usd" DOUBLE PRECISION CHECK ("max_cost_usd" >= 0),
  ADD COLUMN "attempts_started" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "cost_usd" DOUBLE PRECISION NOT NULL DEFAULT 0 CHECK ("cost_usd" >= 0);

ALTER TABLE "workers" ADD COLUMN "generators" TEXT[] NOT NULL DEFAULT '{}';
