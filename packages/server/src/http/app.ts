import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import type { Actor, AssetStore, EngineDeps, Queryable } from "@sluice/engine";
import { databaseId } from "@sluice/schema";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { compress } from "hono/compress";
import { secureHeaders } from "hono/secure-headers";
import { jobPreviewRoute } from "../assets/job-preview-route.ts";
import type { PreviewMaker } from "../assets/previews.ts";
import { assetRoutes } from "../assets/routes.ts";
import type { AccessWatch } from "../auth/access-watch.ts";
import type { Authenticate, RequestIdentity } from "../auth/authenticate.ts";
import type { Auth } from "../auth/better-auth.ts";
import type { PageVariables } from "../auth/page.ts";
import { signInRoutes } from "../auth/routes.ts";
import type { SignInTurns } from "../auth/sign-in-turns.ts";
import { decideRoutes } from "../decide/routes.ts";
import { approvalExportRoutes } from "../export/approval-export-routes.ts";
import { preferenceExportRoute } from "../export/preference-export-route.ts";
import { runExportRoutes } from "../export/run-export-routes.ts";
import type { Yoga } from "../graphql/yoga.ts";
import { endable } from "./endable.ts";

export interface AppDeps {
  readonly db: Queryable;
  readonly engine: EngineDeps;
  /** The same on connections whose statements may take long. */
  readonly exports: EngineDeps;
  readonly auth: Auth;
  readonly turns: SignInTurns;
  readonly authenticate: Authenticate;
  readonly publicUrl: string | undefined;
  readonly access: AccessWatch;
  readonly yoga: Yoga;
  readonly assets: AssetStore;
  readonly previews: PreviewMaker;
  /** The built dashboard's folder. */
  readonly webFolder: string;
  /** The JSON Schema of pipelines.yaml. */
  readonly pipelinesSchema: object;
  /** The same for documents that come by the API. */
  readonly apiPipelinesSchema: object;
  /** Throws when the database cannot be used. */
  readonly checkReady: () => Promise<void>;
  /** Hears of failures that no caller is told of. */
  readonly onError: (error: unknown) => void;
}

/** Room for a heartbeat with a preview of 1 MiB in base64; nothing else that is sent is larger. */
const MAX_REQUEST_BYTES = 2 * 1024 * 1024;

interface AppTypes {
  Variables: { actor: Actor; identity: RequestIdentity; graphiql?: boolean } & Partial<PageVariables>;
}

/** Everything that answers over HTTP. Only the health checks, the schemas of pipelines.yaml, the sign-in pages and decision links answer whoever is not signed in. */
export function createApp(deps: AppDeps): Hono<AppTypes> {
  const app = new Hono<AppTypes>();
  app.use(async (context, next) => {
    await next();
    const graphiql = context.get("graphiql") ?? false;
    const referrerPolicy = context.get("referrerPolicy") ?? "no-referrer";
    await securityHeaders({ graphiql, referrerPolicy })(context, async () => {});
  });

  app.onError((error, context) => {
    deps.onError(error);
    return context.text("Something went wrong on the server. Its log tells more.", 500);
  });

  app.get("/healthz", (context) => context.text("ok"));
  app.get("/readyz", async (context) => {
    try {
      await deps.checkReady();
      return context.text("ready");
    } catch {
      return context.text("The database is not reachable or not migrated.", 503);
    }
  });

  // Editors fetch them, and have nobody to sign in. They say what this version knows, nothing of what is set up.
  app.get("/pipelines.schema.json", (context) => jsonSchema(context, deps.pipelinesSchema));
  app.get("/schemas/pipelines.json", (context) => jsonSchema(context, deps.apiPipelinesSchema));

  app.use("/sign-in", atMost(10_000));
  app.use("/invitation", atMost(10_000));
  app.route("/", signInRoutes(deps));
  app.use("/decide/*", atMost(100_000));
  app.route("/decide", decideRoutes(deps));

  app.use(async (context, next) => {
    const identity = {
      authorization: context.req.header("authorization"),
      cookie: context.req.header("cookie"),
      origin: context.req.header("origin"),
      host: context.req.header("host"),
    };
    const actor = await deps.authenticate(identity);
    if (!actor || isForAnother(context, actor)) return refuse(context);
    context.set("actor", actor);
    context.set("identity", identity);
    return await next();
  });

  app.post("/auth/sign-out", async (context) => {
    const cookie = context.req.header("cookie") ?? "";
    const { headers } = await deps.auth.api.signOut({ headers: new Headers({ cookie }), returnHeaders: true });
    for (const cleared of headers.getSetCookie()) context.header("Set-Cookie", cleared, { append: true });
    deps.access.look();
    return context.redirect("/sign-in", 303);
  });
  app.all("/graphql", atMost(MAX_REQUEST_BYTES), async (context) => {
    // A page of another origin can send other types without asking first, and none of our clients has a reason to.
    if (context.req.method === "POST" && !isJson(context.req.header("content-type"))) {
      return context.json({ errors: [{ message: "Send the operation as `Content-Type: application/json`." }] }, 415);
    }
    const answer = await deps.yoga.fetch(context.req.raw, { actor: context.get("actor") });
    // GraphiQL, the one page that is not ours, brings its script within itself.
    const type = answer.headers.get("content-type");
    if (type?.startsWith("text/html")) context.set("graphiql", true);
    if (!answer.body || !type?.startsWith("text/event-stream")) return answer;
    const stream = endable(answer.body, () => endWatch());
    const endWatch = deps.access.watch(context.get("identity"), context.get("actor"), stream.end);
    return new Response(stream.body, answer);
  });
  const exporting = { engine: deps.exports, store: deps.assets, onError: deps.onError };
  app.route("/export", approvalExportRoutes(exporting));
  app.route("/export", preferenceExportRoute(exporting));
  app.route("/export", runExportRoutes(exporting));
  app.route("/assets", assetRoutes({ db: deps.db, store: deps.assets, previews: deps.previews }));
  app.route("/jobs", jobPreviewRoute({ db: deps.db }));
  // File names under /app carry a hash of what is in them.
  app.use("/app/*", compress(), async (context, next) => {
    await next();
    if (context.res.ok) context.header("Cache-Control", "private, max-age=31536000, immutable");
  });
  app.use(serveStatic({ root: deps.webFolder, rewriteRequestPath: (path) => (path === "/" ? "/-" : path) }));
  app.get("*", async (context) => await page(context, deps.webFolder));
  return app;
}

function jsonSchema(context: Context, schema: object): Response {
  return context.json(schema, 200, {
    "Content-Type": "application/schema+json",
    "Cache-Control": "no-cache",
    "Access-Control-Allow-Origin": "*",
  });
}

function atMost(bytes: number): MiddlewareHandler {
  return bodyLimit({
    maxSize: bytes,
    // What was not read stays in the connection, so it can carry nothing else.
    onError: (context) => context.text(`A request may have ${bytes} bytes here.`, 413, { Connection: "close" }),
  });
}

/** Any address that is no file is one of the dashboard's own. */
async function page(context: Context, webFolder: string): Promise<Response> {
  if (!acceptsHtml(context)) return context.text("There is nothing at this address.", 404);
  const index = await readFile(join(webFolder, "index.html"), "utf8").catch(() => undefined);
  if (!index) return context.text("The dashboard is not built. Start Sluice with `npm start`, which builds it.", 503);
  context.header("Cache-Control", "no-cache");
  return context.html(index);
}

/**
 * Whether a page asks that was made for somebody else: tabs share a cookie, and in another one somebody has signed in
 * since. What its reader does there is not done in the name of whoever has.
 */
function isForAnother(context: Context, actor: Actor): boolean {
  const viewer = context.req.header("sluice-viewer");
  return viewer !== undefined && databaseId("Actor", viewer) !== actor.id;
}

function refuse(context: Context): Response {
  if (context.req.method === "GET" && acceptsHtml(context)) return context.redirect("/sign-in");
  context.header("WWW-Authenticate", 'Bearer realm="Sluice"');
  const message = "Sign in, or send a token as `Authorization: Bearer …`. `npm run sluice -- token` makes one.";
  return context.json({ errors: [{ message, extensions: { code: "UNAUTHENTICATED" } }] }, 401);
}

function isJson(contentType: string | undefined): boolean {
  return contentType?.split(";")[0]?.trim() === "application/json";
}

function acceptsHtml(context: Context): boolean {
  return context.req.header("accept")?.includes("text/html") ?? false;
}

/** GraphiQL carries its script, its fonts and its editor's workers within its page; ours may not. */
function securityHeaders({ graphiql, referrerPolicy }: { readonly graphiql: boolean } & PageVariables) {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      imgSrc: ["'self'", "data:", "blob:"],
      // The component library writes style attributes.
      styleSrc: ["'self'", "'unsafe-inline'"],
      scriptSrc: graphiql ? ["'self'", "'unsafe-inline'"] : ["'self'"],
      fontSrc: graphiql ? ["'self'", "data:"] : ["'self'"],
      workerSrc: graphiql ? ["'self'", "blob:"] : ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      formAction: ["'self'"],
    },
    // Without TLS a browser must not be told to insist on it; a proxy that has it says so itself.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: "same-origin",
    referrerPolicy,
  });
}
