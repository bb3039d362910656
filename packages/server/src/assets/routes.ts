import { type Actor, type AssetStore, may, type Queryable, whyNot } from "@sluice/engine";
import { PREVIEW_WIDTHS } from "@sluice/schema";
import { Hono } from "hono";
import { assetBytes } from "./asset-bytes.ts";
import { DamagedPictureError, type PreviewMaker } from "./previews.ts";
import { uploadRoute } from "./upload-route.ts";

/** `POST /assets`; `/assets/<sha256>` and `/assets/<sha256>?width=320`. What a hash names never changes, so it is cached for ever. */
export function assetRoutes(deps: {
  readonly db: Queryable;
  readonly store: AssetStore;
  readonly previews: PreviewMaker;
}): Hono<{ Variables: { actor: Actor } }> {
  const app = new Hono<{ Variables: { actor: Actor } }>();
  app.route("/", uploadRoute(deps));
  return app.get("/:sha256{[0-9a-f]{64}}", async (context) => {
    const actor = context.get("actor");
    if (!may(actor, "VIEW")) return context.text(whyNot(actor, "VIEW"), 403);
    const sha256 = context.req.param("sha256");
    const wanted = context.req.query("width");
    const width = PREVIEW_WIDTHS.find((each) => String(each) === wanted);
    if (wanted !== undefined && width === undefined) {
      return context.text(`The width of a preview is one of ${PREVIEW_WIDTHS.join(", ")}.`, 400);
    }
    const asset = await deps.db.maybe<{ mediaType: string }>(
      `SELECT media_type AS "mediaType" FROM assets WHERE sha256 = $1`,
      [sha256],
    );
    if (!asset) return context.text("There is no such asset.", 404);
    const tag = `"${sha256}${width ? `-${width}` : ""}"`;
    const isKnown = context.req.header("If-None-Match")?.includes(tag) ?? false;
    const bytes = isKnown ? null : await assetBytes(deps, sha256, width);
    if (bytes instanceof DamagedPictureError) return context.text(bytes.message, 422);
    if (bytes === undefined) return context.text("The file of this asset is missing on the server.", 404);
    // Only now: a failure must not be kept for ever.
    context.header("Cache-Control", "private, max-age=31536000, immutable");
    context.header("ETag", tag);
    if (bytes === null) return context.body(null, 304);
    context.header("Content-Type", width ? "image/webp" : asset.mediaType);
    context.header(
      "Content-Disposition",
      `inline; filename="${sha256.slice(0, 12)}${extensionOf(width ? "image/webp" : asset.mediaType)}"`,
    );
    return context.body(new Uint8Array(bytes));
  });
}

function extensionOf(mediaType: string): string {
  return mediaType.startsWith("image/") ? `.${mediaType.slice("image/".length)}` : "";
}
