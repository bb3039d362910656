-- The way back to a time when everybody who was known could do everything. Sessions, passwords and invitations are lost,
-- and so are the keys of whoever was no owner, and keys with scopes: they would allow more than they do.

CREATE TYPE "credential_kind" AS ENUM ('SIGN_IN_LINK', 'SESSION', 'API_TOKEN');
CREATE TABLE "credentials" (
  "id" SERIAL PRIMARY KEY,
  "actor_id" INTEGER NOT NULL REFERENCES "actors" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "kind" "credential_kind" NOT NULL,
  "secret_hash" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3),
  "used_at" TIMESTAMPTZ(3),
  "revoked_at" TIMESTAMPTZ(3)
);
CREATE UNIQUE INDEX "credentials_secret_hash_key" ON "credentials" ("secret_hash");
CREATE INDEX "credentials_actor_id_idx" ON "credentials" ("actor_id");

INSERT INTO "credentials" ("actor_id", "kind", "secret_hash", "expires_at", "created_at")
SELECT k."actor_id", 'API_TOKEN', encode(decode(translate(k."key", '-_', '+/') || '=', 'base64'), 'hex'),
       k."expires_at", k."created_at"
FROM "api_keys" k JOIN "actors" a ON a."id" = k."actor_id"
WHERE k."enabled" AND k."permissions" IS NULL AND a."role" = 'OWNER' AND a."deactivated_at" IS NULL;

DROP TABLE "sessions";
DROP TABLE "accounts";
DROP TABLE "verifications";
DROP TABLE "api_keys";
DROP TABLE "invitations";
DROP TABLE "former_names";
DROP TABLE "auth_secrets";
DROP INDEX "actors_email_key";
DROP INDEX "actors_name_key_key";
ALTER TABLE "actors" DROP COLUMN "name_key", DROP COLUMN "kind", DROP COLUMN "email", DROP COLUMN "email_verified",
  DROP COLUMN "email_notifications", DROP COLUMN "image", DROP COLUMN "deactivated_at", DROP COLUMN "updated_at";
ALTER TABLE "actors" ALTER COLUMN "role" DROP DEFAULT;
ALTER TABLE "actors" ALTER COLUMN "role" TYPE TEXT USING 'OWNER';
ALTER TABLE "actors" ALTER COLUMN "role" SET DEFAULT 'OWNER';
DROP TYPE "role";
DROP TYPE "actor_kind";
