import { type Actor, type AssetStore, GeneratorError, may, type Queryable, whyNot } from "@sluice/engine";
import { Hono } from "hono";
import { MAX_ASSET_BYTES } from "./folder-store.ts";
import { readUpload, STALLED } from "./read-upload.ts";
import { UPLOAD_LIMITS, uploadSlots } from "./upload-slots.ts";

/** What was not read stays in the connection, so it can carry nothing else. */
const UNREAD = { Connection: "close" } as const;

const TOO_LARGE = `The file is too large: at most ${MAX_ASSET_BYTES / 1024 / 1024} MiB are kept.`;
const TOO_SLOW = `Hardly anything came of the file for ${STALLED.stalledMs / 1_000} seconds, and others wait for your place. Send it again.`;

/**
 * `POST /assets`: keeps the bytes of its body as an asset, and answers what they are. What they are is looked at in the
 * bytes; a Content-Type is not needed. The same bytes twice are one asset. It takes a few at a time: with 429 it asks to
 * send the file again, and with 408 it has given up one of which hardly anything came. What is in no candidate a day later
 * is deleted.
 */
export function uploadRoute(deps: {
  readonly db: Queryable;
  readonly store: AssetStore;
}): Hono<{ Variables: { actor: Actor } }> {
  const app = new Hono<{ Variables: { actor: Actor } }>();
  const slots = uploadSlots(UPLOAD_LIMITS);
  app.post(
    "/",
    async (context, next) => {
      const actor = context.get("actor");
      return may(actor, "OPERATE") ? await next() : context.text(whyNot(actor, "OPERATE"), 403);
    },
    async (context, next) => {
      const slot = slots.take(context.get("actor").id);
      if (typeof slot === "string") return context.text(slot, 429, { "Retry-After": "1", ...UNREAD });
      try {
        return await next();
      } finally {
        slot();
      }
    },
    async (context) => {
      const declared = Number(context.req.header("content-length") ?? 0);
      const bytes =
        declared > MAX_ASSET_BYTES
          ? "too large"
          : await readUpload(context.req.raw.body, { maxBytes: MAX_ASSET_BYTES, ...STALLED }).catch(ifHungUp);
      // Whoever hung up hears nothing of it, and it is no failure of the server.
      if (bytes === "hung up") return context.body(null, 400, UNREAD);
      if (bytes === "too large") return context.text(TOO_LARGE, 413, UNREAD);
      if (bytes === "stalled") return context.text(TOO_SLOW, 408, UNREAD);
      try {
        const asset = await deps.store.put(bytes);
        await deps.db.query(
          `INSERT INTO assets (sha256, media_type, bytes, width, height) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (sha256) DO UPDATE SET created_at = now()`,
          [asset.sha256, asset.mediaType, asset.bytes, asset.width, asset.height],
        );
        return context.json(asset, 201, { Location: `/assets/${asset.sha256}` });
      } catch (error) {
        if (!(error instanceof GeneratorError)) throw error;
        return context.text(error.message, error.retryable ? 503 : 422);
      }
    },
  );
  return app;
}

function ifHungUp(error: unknown): "hung up" {
  if ((error as NodeJS.ErrnoException).code === "ECONNRESET") return "hung up";
  throw error;
}
