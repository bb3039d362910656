-- A webhook is told of what happens after it was created or switched on, also where older events wait to be told.

-- Webhooks that are there are told of everything, as before.
ALTER TABLE "webhooks" ADD COLUMN "told_from" pg_snapshot NOT NULL DEFAULT '1:1:';
ALTER TABLE "webhooks" ALTER COLUMN "told_from" SET DEFAULT pg_current_snapshot();
