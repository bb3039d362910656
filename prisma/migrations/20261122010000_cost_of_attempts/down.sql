-- What was counted stays counted.

DROP TABLE "job_attempts";
