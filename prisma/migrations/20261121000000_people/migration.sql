-- People with roles, and what they prove themselves with: sessions, passwords, API keys, invitations. Everybody who was
-- known could do everything, and still can. Tokens for the API go on working. Sessions and sign-in links end: whoever
-- was signed in needs a new link (`npm run sluice -- sign-in-link`). down.sql beside this file is the way back.

CREATE TYPE "role" AS ENUM ('VIEWER', 'VOTER', 'APPROVER', 'OPERATOR', 'OWNER');
CREATE TYPE "actor_kind" AS ENUM ('PERSON', 'INTEGRATION');

ALTER TABLE "actors" ALTER COLUMN "role" DROP DEFAULT;
ALTER TABLE "actors" ALTER COLUMN "role" TYPE "role" USING 'OWNER'::"role";
ALTER TABLE "actors" ALTER COLUMN "role" SET DEFAULT 'VIEWER',
  ADD COLUMN "name_key" TEXT,
  ADD COLUMN "kind" "actor_kind" NOT NULL DEFAULT 'PERSON',
  ADD COLUMN "email" TEXT CHECK ("email" = lower("email")),
  ADD COLUMN "email_verified" BOOLEAN NOT NULL DEFAULT true,
  ADD COLUMN "email_notifications" BOOLEAN NOT NULL DEFAULT true,
  ADD COLUMN "image" TEXT,
  ADD COLUMN "deactivated_at" TIMESTAMPTZ(3),
  ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
CREATE UNIQUE INDEX "actors_email_key" ON "actors" ("email");
-- The name in lower case, by which nobody comes to be called as somebody else is. Of those who already are, the first has it.
UPDATE "actors" a SET "name_key" = lower("name")
WHERE NOT EXISTS (SELECT 1 FROM "actors" b WHERE lower(b."name") = lower(a."name") AND b."id" < a."id");
CREATE UNIQUE INDEX "actors_name_key_key" ON "actors" ("name_key");

-- Names that somebody had: decisions go on showing them.
CREATE TABLE "former_names" (
  "name_key" TEXT NOT NULL,
  "actor_id" INTEGER NOT NULL REFERENCES "actors" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "until" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "former_names_pkey" PRIMARY KEY ("name_key", "actor_id")
);
CREATE INDEX "former_names_actor_id_idx" ON "former_names" ("actor_id");

-- Whoever has only ever had tokens is a program.
UPDATE "actors" a SET "kind" = 'INTEGRATION'
WHERE a."name" = 'admin token'
   OR EXISTS (SELECT 1 FROM "credentials" c WHERE c."actor_id" = a."id" AND c."kind" = 'API_TOKEN')
  AND NOT EXISTS (SELECT 1 FROM "credentials" c WHERE c."actor_id" = a."id" AND c."kind" <> 'API_TOKEN');

CREATE TABLE "sessions" (
  "id" SERIAL PRIMARY KEY,
  "actor_id" INTEGER NOT NULL REFERENCES "actors" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "token" TEXT NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "ip_address" TEXT,
  "user_agent" TEXT,
  "by_link" BOOLEAN NOT NULL DEFAULT false,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX "sessions_token_key" ON "sessions" ("token");
CREATE INDEX "sessions_actor_id_idx" ON "sessions" ("actor_id");

CREATE TABLE "accounts" (
  "id" SERIAL PRIMARY KEY,
  "actor_id" INTEGER NOT NULL REFERENCES "actors" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "account_id" TEXT NOT NULL,
  "provider_id" TEXT NOT NULL,
  "password" TEXT,
  "access_token" TEXT,
  "refresh_token" TEXT,
  "id_token" TEXT,
  "access_token_expires_at" TIMESTAMPTZ(3),
  "refresh_token_expires_at" TIMESTAMPTZ(3),
  "scope" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX "accounts_provider_id_account_id_key" ON "accounts" ("provider_id", "account_id");
CREATE INDEX "accounts_actor_id_idx" ON "accounts" ("actor_id");

CREATE TABLE "verifications" (
  "id" SERIAL PRIMARY KEY,
  "identifier" TEXT NOT NULL,
  "value" TEXT NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX "verifications_identifier_idx" ON "verifications" ("identifier");

CREATE TABLE "api_keys" (
  "id" SERIAL PRIMARY KEY,
  "actor_id" INTEGER NOT NULL REFERENCES "actors" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "config_id" TEXT NOT NULL DEFAULT 'default',
  "name" TEXT,
  "start" TEXT,
  "prefix" TEXT,
  "key" TEXT NOT NULL,
  "permissions" TEXT,
  "enabled" BOOLEAN NOT NULL DEFAULT true,
  "expires_at" TIMESTAMPTZ(3),
  "last_request" TIMESTAMPTZ(3),
  "refill_interval" INTEGER,
  "refill_amount" INTEGER,
  "last_refill_at" TIMESTAMPTZ(3),
  "rate_limit_enabled" BOOLEAN NOT NULL DEFAULT false,
  "rate_limit_time_window" INTEGER,
  "rate_limit_max" INTEGER,
  "request_count" INTEGER NOT NULL DEFAULT 0,
  "remaining" INTEGER,
  "metadata" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX "api_keys_key_key" ON "api_keys" ("key");
CREATE INDEX "api_keys_actor_id_idx" ON "api_keys" ("actor_id");

-- The same hashes, in the notation of the new table: base64url without padding instead of hex.
INSERT INTO "api_keys" ("actor_id", "name", "prefix", "key", "expires_at", "created_at")
SELECT "actor_id", 'token', 'slt_',
       translate(encode(decode("secret_hash", 'hex'), 'base64'), '+/=' || chr(10), '-_'), "expires_at", "created_at"
FROM "credentials"
WHERE "kind" = 'API_TOKEN' AND "revoked_at" IS NULL AND ("expires_at" IS NULL OR "expires_at" > now());

CREATE TABLE "invitations" (
  "id" SERIAL PRIMARY KEY,
  "secret_hash" TEXT NOT NULL,
  "role" "role" NOT NULL,
  "email" TEXT,
  "name" TEXT,
  "invited_by_id" INTEGER REFERENCES "actors" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "accepted_at" TIMESTAMPTZ(3),
  "accepted_by_id" INTEGER REFERENCES "actors" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
  "revoked_at" TIMESTAMPTZ(3)
);
CREATE UNIQUE INDEX "invitations_secret_hash_key" ON "invitations" ("secret_hash");
CREATE INDEX "invitations_invited_by_id_idx" ON "invitations" ("invited_by_id");
CREATE INDEX "invitations_accepted_by_id_idx" ON "invitations" ("accepted_by_id");

-- What session cookies are signed with, where SLUICE_AUTH_SECRET is not set: all servers of a database share it.
CREATE TABLE "auth_secrets" (
  "id" INTEGER PRIMARY KEY DEFAULT 1 CHECK ("id" = 1),
  "secret" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

DO $$
DECLARE signed_in INTEGER;
BEGIN
  SELECT count(DISTINCT "actor_id") INTO signed_in FROM "credentials"
  WHERE "kind" = 'SESSION' AND "revoked_at" IS NULL AND "expires_at" > now();
  IF signed_in > 0 THEN
    RAISE NOTICE 'Sessions of % people ended: `npm run sluice -- sign-in-link --name <name>` lets each in again.', signed_in;
  END IF;
END $$;
DROP TABLE "credentials";
DROP TYPE "credential_kind";
