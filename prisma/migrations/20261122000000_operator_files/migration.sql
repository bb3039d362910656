-- Which pipelines belong to an operator's file, for every server on this database: one row for each server that follows such a file.

CREATE TABLE "operator_files" (
  "id" UUID PRIMARY KEY,
  "name" TEXT NOT NULL,
  "pipelines" TEXT[] NOT NULL,
  "stopped" BOOLEAN NOT NULL DEFAULT false,
  "expires_at" TIMESTAMPTZ(3) NOT NULL
);
