-- Alerts that are acknowledged, snoozed, repeated and escalated; and how people and integrations hear of what waits:
-- webhooks, email, decision links. down.sql beside this file is the way back.

CREATE TYPE "delivery_channel" AS ENUM ('WEBHOOK', 'EMAIL');
CREATE TYPE "delivery_status" AS ENUM ('PENDING', 'DELIVERED', 'FAILED', 'CANCELLED');
ALTER TABLE "alerts" ADD COLUMN "acknowledged_by_id" INTEGER,
  ADD COLUMN "escalated_at" TIMESTAMPTZ(3),
  ADD COLUMN "escalated_to" TEXT[] DEFAULT ARRAY[]::TEXT[],
  ADD COLUMN "reminded_at" TIMESTAMPTZ(3),
  ADD COLUMN "reminders" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN "snoozed_until" TIMESTAMPTZ(3);
CREATE TABLE "decision_links" (
  "id" SERIAL NOT NULL,
  "secret_hash" TEXT NOT NULL,
  "approval_id" INTEGER NOT NULL,
  "actor_id" INTEGER NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "used_at" TIMESTAMPTZ(3),
  "revoked_at" TIMESTAMPTZ(3),
  CONSTRAINT "decision_links_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "webhooks" (
  "id" SERIAL NOT NULL,
  "url" TEXT NOT NULL,
  "description" TEXT,
  "event_types" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "enabled" BOOLEAN NOT NULL DEFAULT true,
  "disabled_reason" TEXT,
  "secret" TEXT NOT NULL,
  "previous_secret" TEXT,
  "previous_secret_expires_at" TIMESTAMPTZ(3),
  "created_by_id" INTEGER,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "deleted_at" TIMESTAMPTZ(3),
  CONSTRAINT "webhooks_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "deliveries" (
  "id" SERIAL NOT NULL,
  "message_id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "channel" "delivery_channel" NOT NULL,
  "webhook_id" INTEGER,
  "recipient_id" INTEGER,
  "address" TEXT NOT NULL,
  "event_type" TEXT NOT NULL,
  "event_id" BIGINT,
  "pipeline_run_id" INTEGER,
  "approval_id" INTEGER,
  "alert_id" INTEGER,
  "payload" JSONB NOT NULL,
  "status" "delivery_status" NOT NULL DEFAULT 'PENDING',
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "error" TEXT,
  "next_attempt_at" TIMESTAMPTZ(3),
  "delivered_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "replay_of_id" INTEGER,
  CONSTRAINT "deliveries_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "delivery_attempts" (
  "id" SERIAL NOT NULL,
  "delivery_id" INTEGER NOT NULL,
  "attempt" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "response_status" INTEGER,
  "error" TEXT,
  "duration_ms" INTEGER NOT NULL,
  CONSTRAINT "delivery_attempts_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "event_cursors" (
  "name" TEXT NOT NULL,
  "xid" xid8 NOT NULL DEFAULT '0'::xid8,
  "id" BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT "event_cursors_pkey" PRIMARY KEY ("name")
);

CREATE UNIQUE INDEX "decision_links_secret_hash_key" ON "decision_links"("secret_hash");
CREATE INDEX "decision_links_approval_id_idx" ON "decision_links"("approval_id");
CREATE INDEX "decision_links_actor_id_idx" ON "decision_links"("actor_id");
CREATE INDEX "webhooks_created_by_id_idx" ON "webhooks"("created_by_id");
CREATE INDEX "deliveries_webhook_id_id_idx" ON "deliveries"("webhook_id", "id");
CREATE INDEX "deliveries_recipient_id_idx" ON "deliveries"("recipient_id");
CREATE INDEX "deliveries_pipeline_run_id_idx" ON "deliveries"("pipeline_run_id");
CREATE INDEX "deliveries_approval_id_idx" ON "deliveries"("approval_id");
CREATE INDEX "deliveries_alert_id_idx" ON "deliveries"("alert_id");
CREATE INDEX "deliveries_replay_of_id_idx" ON "deliveries"("replay_of_id");
CREATE INDEX "delivery_attempts_delivery_id_idx" ON "delivery_attempts"("delivery_id");
ALTER TABLE "decision_links" ADD CONSTRAINT "decision_links_approval_id_fkey" FOREIGN KEY ("approval_id") REFERENCES "approvals"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "decision_links" ADD CONSTRAINT "decision_links_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "actors"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_acknowledged_by_id_fkey" FOREIGN KEY ("acknowledged_by_id") REFERENCES "actors"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "actors"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhooks"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_recipient_id_fkey" FOREIGN KEY ("recipient_id") REFERENCES "actors"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_pipeline_run_id_fkey" FOREIGN KEY ("pipeline_run_id") REFERENCES "pipeline_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_approval_id_fkey" FOREIGN KEY ("approval_id") REFERENCES "approvals"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_alert_id_fkey" FOREIGN KEY ("alert_id") REFERENCES "alerts"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_replay_of_id_fkey" FOREIGN KEY ("replay_of_id") REFERENCES "deliveries"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "delivery_attempts" ADD CONSTRAINT "delivery_attempts_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "deliveries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Each receiver is told of an event once; a replay is a delivery of its own.
CREATE UNIQUE INDEX "deliveries_once" ON "deliveries" ("event_id", "webhook_id", "recipient_id") NULLS NOT DISTINCT
  WHERE "event_id" IS NOT NULL AND "replay_of_id" IS NULL;
CREATE INDEX "deliveries_due" ON "deliveries" ("next_attempt_at") WHERE "status" = 'PENDING';
-- What listeners for alerts replay, over all runs.
CREATE INDEX "run_events_alerts" ON "run_events" ("xid", "id") WHERE "type" LIKE 'alert\_%';
-- The last change of an alert.
CREATE INDEX "run_events_of_alert" ON "run_events" ((("data" ->> 'alertId')::int), "id") WHERE "type" LIKE 'alert\_%';

-- The stall of an open alert began before it was raised.
UPDATE "alerts" SET "since" = "raised_at";
