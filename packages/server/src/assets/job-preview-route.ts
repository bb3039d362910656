import { type Actor, may, type Queryable, whyNot } from "@sluice/engine";
import { Hono } from "hono";

/**
 * `/jobs/<number>/preview`: how the candidate of a running job looks so far. There is none once it is made, so nothing
 * of it is kept by browsers.
 */
export function jobPreviewRoute({ db }: { readonly db: Queryable }): Hono<{ Variables: { actor: Actor } }> {
  const app = new Hono<{ Variables: { actor: Actor } }>();
  return app.get("/:id{[1-9][0-9]{0,8}}/preview", async (context) => {
    const actor = context.get("actor");
    if (!may(actor, "VIEW")) return context.text(whyNot(actor, "VIEW"), 403);
    const preview = await db.maybe<{ mediaType: string; bytes: Buffer }>(
      `SELECT media_type AS "mediaType", bytes FROM job_previews WHERE job_id = $1`,
      [context.req.param("id")],
    );
    context.header("Cache-Control", "no-store");
    if (!preview) return context.text("There is no such preview, or no longer.", 404);
    return context.body(new Uint8Array(preview.bytes), 200, { "Content-Type": preview.mediaType });
  });
}
