DROP INDEX "deliveries_ended";
ALTER TABLE "deliveries" DROP COLUMN "ended_at";
