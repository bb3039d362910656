import {
  type AssetStore,
  DomainError,
  decideByLink,
  type EngineDeps,
  ForbiddenError,
  InvalidInputError,
  InvalidTopKError,
  NotFoundError,
  PolicyUnmetError,
} from "@sluice/engine";
import { type Context, Hono } from "hono";
import { assetBytes } from "../assets/asset-bytes.ts";
import { DamagedPictureError, type PreviewMaker } from "../assets/previews.ts";
import { decidePage, overPage, unknownLinkPage } from "./decide-page.ts";
import { pictureBehindLink, viewLink } from "./link-view.ts";
import { approvalIn, type DecisionForm, numberIn, type PostedForm } from "./posted-form.ts";

export interface DecideDeps {
  readonly engine: EngineDeps;
  readonly assets: AssetStore;
  readonly previews: PreviewMaker;
}

const PICTURE_WIDTH = 320;
const TOKEN = ":token{[A-Za-z0-9_-]{20,80}}";

/**
 * What decision links open, for whoever has one: no session, no cookie. GET and HEAD only show, since mail scanners and
 * link previews follow every link; POST decides.
 */
export function decideRoutes(deps: DecideDeps): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    // The address is a secret: nobody keeps it, lists it or hands it on.
    context.header("Cache-Control", "no-store");
    context.header("X-Robots-Tag", "noindex, nofollow");
    context.header("Referrer-Policy", "no-referrer");
  });

  app.get(`/${TOKEN}`, async (context) => await show(context, deps));
  app.post(`/${TOKEN}`, async (context) => {
    const token = context.req.param("token");
    const form = await formOf(context);
    const { verdict } = form;
    if (verdict !== "APPROVE" && verdict !== "REJECT") {
      return await show(context, deps, { form, problem: "Choose Approve or Reject.", status: 400 });
    }
    try {
      await decideByLink(deps.engine, token, {
        verdict,
        comment: form.comment,
        ...(verdict === "APPROVE" && { ...approvalIn(form), overrideReason: form.overrideReason }),
      });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return await show(context, deps, { form, problem: inWords(error), status: statusOf(error) });
    }
    // A page that was answered by a redirect is not sent again by reloading it.
    return context.redirect(`/decide/${token}`, 303);
  });
  app.get(`/${TOKEN}/pictures/:candidate{[0-9]{1,9}}`, async (context) => {
    const sha256 = await pictureBehindLink(
      deps.engine,
      context.req.param("token"),
      Number(context.req.param("candidate")),
    );
    if (!sha256) return context.text("There is no such picture.", 404);
    const bytes = await assetBytes({ store: deps.assets, previews: deps.previews }, sha256, PICTURE_WIDTH);
    if (!bytes) return context.text("The file of this picture is missing on the server.", 404);
    if (bytes instanceof DamagedPictureError) return context.text(bytes.message, 422);
    return context.body(new Uint8Array(bytes), 200, { "Content-Type": "image/webp" });
  });
  app.all("*", (context) => context.html(unknownLinkPage(), 404));
  return app;
}

interface Shown {
  readonly form?: DecisionForm;
  readonly problem?: string;
  readonly status?: 400 | 403 | 409;
}

async function show(context: Context, { engine }: DecideDeps, shown: Shown = {}): Promise<Response> {
  const token = context.req.param("token") ?? "";
  const topK = numberIn(shown.form?.topK);
  const view = await viewLink(engine, token, topK !== undefined && topK >= 1 ? topK : undefined);
  if (!view) return context.html(unknownLinkPage(), 404);
  if (view.over !== null)
    return context.html(overPage(view), overStatus(view.link.approvalStatus !== "PENDING", context));
  return context.html(decidePage(view, { ...shown, token }), shown.status ?? 200);
}

/** Who reads a page of the past has made no mistake; who wanted to change it hears that it is too late. */
function overStatus(decided: boolean, context: Context): 200 | 403 | 409 {
  if (!decided) return 403;
  return context.req.method === "POST" ? 409 : 200;
}

function statusOf(error: DomainError): 400 | 403 | 409 {
  if (error instanceof InvalidInputError || error instanceof InvalidTopKError) return 400;
  return error instanceof ForbiddenError || error instanceof NotFoundError ? 403 : 409;
}

/** For people at a form: the API's messages may name its fields. */
function inWords(error: DomainError): string {
  if (!(error instanceof PolicyUnmetError) || !error.overridable) return error.message;
  return [...error.unmet, "Vote more in the dashboard, or say below why this is enough."].join(" ");
}

async function formOf(context: Context): Promise<PostedForm> {
  // A body that is no form has nothing in it.
  const body = await context.req.parseBody().catch(() => ({}) as Record<string, unknown>);
  const text = (name: string): string | undefined => {
    const value = body[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    verdict: text("verdict"),
    topK: text("topK"),
    comment: text("comment"),
    rankingVersion: text("rankingVersion"),
    overrideReason: text("overrideReason"),
  };
}
