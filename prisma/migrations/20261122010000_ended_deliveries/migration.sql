-- Since when a delivery is not tried any more: those that ended long ago are deleted.

ALTER TABLE "deliveries" ADD COLUMN "ended_at" TIMESTAMPTZ(3);
UPDATE "deliveries" d SET "ended_at" = coalesce("delivered_at",
  (SELECT max("at") FROM "delivery_attempts" a WHERE a."delivery_id" = d."id"), "created_at")
  WHERE "status" <> 'PENDING';
CREATE INDEX "deliveries_ended" ON "deliveries" ("ended_at") WHERE "status" <> 'PENDING';
