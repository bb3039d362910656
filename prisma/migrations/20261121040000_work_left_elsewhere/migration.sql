-- Work that goes on elsewhere for jobs that nobody wants any more: it is looked for every few seconds.

CREATE INDEX "jobs_left_elsewhere" ON "jobs" ("finished_at")
  WHERE "external_id" IS NOT NULL AND "status" IN ('CANCELLED', 'FAILED');
