-- The version before knows no job that a person has given up: to it, they failed, so that they can still be tried again.

UPDATE "jobs" SET "status" = 'FAILED', "attempts" = greatest("attempts", 1), "cancelled_by_id" = NULL
  WHERE "cancelled_by_id" IS NOT NULL;
ALTER TABLE "jobs" DROP CONSTRAINT "jobs_cancelled_alone", DROP COLUMN "cancelled_by_id";
