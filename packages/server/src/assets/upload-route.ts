import { type Actor, type AssetStore, GeneratorError, may, type Queryable, whyNot } from "@sluice/engine";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { MAX_ASSET_BYTES } from "./folder-store.ts";
import { UPLOAD_LIMITS, uploadSlots } from "./upload-slots.ts";

/**
 * `POST /assets`: keeps the bytes of its body as an asset, and answers what they are. What they are is looked at in the
 * bytes; a Content-Type is not needed. The same bytes twice are one asset. It takes a few at a time: with 429 it asks to
 * send the file again. What is in no candidate a day later is deleted.
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
      // What was not read stays in the connection, so it can carry nothing else.
      if (typeof slot === "string") return context.text(slot, 429, { "Retry-After": "1", Connection: "close" });
      try {
        return await next();
      } finally {
        slot();
      }
    },
    bodyLimit({
      maxSize: MAX_ASSET_BYTES,
      // What was not read stays in the connection, so it can carry nothing else.
      onError: (context) =>
        context.text(`The file is too large: at most ${MAX_ASSET_BYTES / 1024 / 1024} MiB are kept.`, 413, {
          Connection: "close",
        }),
    }),
    async (context) => {
      const body = await context.req.arrayBuffer().catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === "ECONNRESET") return undefined;
        throw error;
      });
      // Whoever hung up hears nothing of it, and it is no failure of the server.
      if (!body) return context.body(null, 400, { Connection: "close" });
      const bytes = new Uint8Array(body);
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
