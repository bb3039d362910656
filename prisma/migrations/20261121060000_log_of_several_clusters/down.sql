-- The way back to transaction ids of the cluster alone. Where the log was restored, what it has counts as what the cluster
-- wrote long ago, and followers go on behind the last event that they had.

DO $$ BEGIN
  IF "log_offset"() <> 0 THEN
    UPDATE "event_cursors" c SET "xid" = '3'::xid8, "id" = coalesce((
      SELECT e."id" FROM "run_events" e WHERE (e."xid", e."id") <= (c."xid", c."id")
      ORDER BY e."xid" DESC, e."id" DESC LIMIT 1), 0);
    UPDATE "webhooks" SET "told_from" = '1:1:';
    UPDATE "run_events" SET "xid" = '3'::xid8;
  END IF;
END $$;

ALTER TABLE "run_events" ALTER COLUMN "xid" SET DEFAULT pg_current_xact_id();
ALTER TABLE "webhooks" ALTER COLUMN "told_from" SET DEFAULT pg_current_snapshot();
DROP FUNCTION "log_snapshot"();
DROP FUNCTION "log_xmax"();
DROP FUNCTION "log_xmin"();
DROP FUNCTION "log_xid"();
DROP FUNCTION "log_offset"();
