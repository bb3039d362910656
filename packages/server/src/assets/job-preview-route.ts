import { type Actor, may, type Queryable, whyNot } from "@sluice/engine";
import { Hono } from "hono";

/**
 * `/jobs/<number>/preview`: how the candidate of a running job looks so far. There is none once it is made, so nothing
 * of it is kept by browsers. Whoever asks for that of a job that has just ended is given nothing, which is no error.
 */
export function jobPreviewRoute({ db }: { readonly db: Queryable }): Hono<{ Variables: { actor: Actor } }> {
  const app = new Hono<{ Variables: { actor: Actor } }>();
  return app.get("/:id{[1-9][0-9]{0,8}}/preview", async (context) => {
    const actor = context.get("actor");
    if (!may(actor, "VIEW")) return context.text(whyNot(actor, "VIEW"), 403);
    const job = await db.maybe<{ mediaType: string | null; bytes: Buffer | null }>(
      `SELECT media_type AS "mediaType", bytes FROM jobs LEFT JOIN job_previews ON job_id = id WHERE id = $1`,
      [context.req.param("id")],
    );
    context.header("Cache-Control", "no-store");
    if (!job) return context.text("There is no such job.", 404);
    if (job.bytes === null || job.mediaType === null) return context.body(null, 204);
    return context.body(new Uint8Array(job.bytes), 200, { "Content-Type": job.mediaType });
  });
}
