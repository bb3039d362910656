DROP INDEX "jobs_left_elsewhere";
