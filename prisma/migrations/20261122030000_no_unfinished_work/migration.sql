-- How a candidate looks so far is shown while its job runs. It was kept where a run ended under its jobs, and where a worker died.

DELETE FROM "job_previews" p USING "jobs" j WHERE j."id" = p."job_id" AND j."status" <> 'RUNNING';
UPDATE "jobs" SET "text_so_far" = NULL WHERE "text_so_far" IS NOT NULL AND "status" <> 'RUNNING';
