-- The way back to alerts that are only raised and resolved. Webhooks, decision links and the delivery log are lost.

DROP INDEX "run_events_alerts";
DROP INDEX "run_events_of_alert";
DROP TABLE "delivery_attempts";
DROP TABLE "deliveries";
DROP TABLE "webhooks";
DROP TABLE "decision_links";
DROP TABLE "event_cursors";
DROP TYPE "delivery_channel";
DROP TYPE "delivery_status";
ALTER TABLE "alerts" DROP COLUMN "acknowledged_by_id", DROP COLUMN "escalated_at", DROP COLUMN "escalated_to",
  DROP COLUMN "reminded_at", DROP COLUMN "reminders", DROP COLUMN "since", DROP COLUMN "snoozed_until";
