-- The order of the event log outlasts the cluster that it was begun on. Transaction ids are the cluster's own, and a database that
-- was dumped and restored goes on in one that may have counted less. So the log counts for itself: the cluster's ids
-- plus an offset, which Sluice raises when it starts on a log that is ahead of the cluster.

CREATE FUNCTION "log_offset"() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 0::bigint;

-- This transaction, as the log counts.
CREATE FUNCTION "log_xid"() RETURNS xid8 LANGUAGE sql STABLE
  RETURN (pg_current_xact_id()::text::bigint + "log_offset"())::text::xid8;

-- Below it, nothing can be written to the log any more.
CREATE FUNCTION "log_xmin"() RETURNS xid8 LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (pg_snapshot_xmin(pg_current_snapshot())::text::bigint + "log_offset"())::text::xid8;

-- From it on, nothing has been written yet.
CREATE FUNCTION "log_xmax"() RETURNS xid8 LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + "log_offset"())::text::xid8;

-- What of the log can be seen now.
CREATE FUNCTION "log_snapshot"() RETURNS pg_snapshot LANGUAGE sql STABLE PARALLEL SAFE
  RETURN format('%s:%s:%s', "log_xmin"(), "log_xmax"(), (
    SELECT string_agg((open::text::bigint + "log_offset"())::text, ',' ORDER BY open)
    FROM pg_snapshot_xip(pg_current_snapshot()) AS open))::pg_snapshot;

ALTER TABLE "run_events" ALTER COLUMN "xid" SET DEFAULT "log_xid"();
ALTER TABLE "webhooks" ALTER COLUMN "told_from" SET DEFAULT "log_snapshot"();
