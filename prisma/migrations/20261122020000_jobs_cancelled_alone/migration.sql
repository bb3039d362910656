-- A person gives up one job. Other jobs are cancelled because nobody wants their candidates any more; this one may be tried again.

ALTER TABLE "jobs"
  ADD COLUMN "cancelled_by_id" INTEGER REFERENCES "actors" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
  ADD CONSTRAINT "jobs_cancelled_alone" CHECK ("cancelled_by_id" IS NULL OR "status" = 'CANCELLED');
CREATE INDEX "jobs_cancelled_by_id_idx" ON "jobs" ("cancelled_by_id");
