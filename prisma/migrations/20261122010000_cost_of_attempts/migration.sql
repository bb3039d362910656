-- What an attempt has cost counts once, however often and however late it is told: by a worker that did not hear that its
-- first telling arrived, or by a program whose lease had ended by then.

CREATE TABLE "job_attempts" (
  "job_id" INTEGER NOT NULL REFERENCES "jobs" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "fence" INTEGER NOT NULL,
  "lease_hash" TEXT,
  "cost_usd" DOUBLE PRECISION CHECK ("cost_usd" >= 0),
  PRIMARY KEY ("job_id", "fence")
);
INSERT INTO "job_attempts" ("job_id", "fence", "lease_hash")
  SELECT "id", "fence", "lease_hash" FROM "jobs" WHERE "lease_hash" IS NOT NULL;
