-- The way back to jobs that only workers of Sluice's own do. What was spent, and where candidates came from, is lost.

DROP TABLE "job_previews";
DROP INDEX "jobs_running_generator";
DROP INDEX "jobs_queued_generator";
ALTER TABLE "jobs"
  DROP COLUMN "generator", DROP COLUMN "external_id", DROP COLUMN "text_so_far", DROP COLUMN "log",
  DROP COLUMN "cost_usd", DROP COLUMN "interruptions", DROP COLUMN "reported_at", DROP COLUMN "lease_hash",
  DROP COLUMN "lease_expires_at", DROP COLUMN "leased_to_id";
ALTER TABLE "candidates"
  DROP COLUMN "generator", DROP COLUMN "model", DROP COLUMN "cost_usd", DROP COLUMN "input_tokens",
  DROP COLUMN "output_tokens", DROP COLUMN "duration_ms", DROP COLUMN "warnings", DROP COLUMN "imported_by_id",
  DROP COLUMN "source";
ALTER TABLE "pipelines" DROP COLUMN "max_jobs", DROP COLUMN "max_cost_usd";
ALTER TABLE "pipeline_runs"
  DROP COLUMN "max_jobs", DROP COLUMN "max_cost_usd", DROP COLUMN "attempts_started", DROP COLUMN "cost_usd";
ALTER TABLE "workers" DROP COLUMN "generators";
