import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import type { Actor, AssetStore, Queryable } from "@sluice/engine";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { compress } from "hono/compress";
import { deleteCookie, setCookie } from "hono/cookie";
import { secureHeaders } from "hono/secure-headers";
import type { PreviewMaker } from "../assets/previews.ts";
import { assetRoutes } from "../assets/routes.ts";
import { type AuthDeps, authenticate, cookieValue, SESSION_COOKIE } from "../auth/authenticate.ts";
import { signIn, signOut } from "../auth/credentials.ts";
import { signInPage } from "../auth/sign-in-page.ts";
import type { Yoga } from "../graphql/yoga.ts";

export interface AppDeps {
  readonly db: Queryable;
  readonly auth: AuthDeps;
  readonly yoga: Yoga;
  readonly assets: AssetStore;
  readonly previews: PreviewMaker;
  /** The built dashboard's folder. */
  readonly webFolder: string;
  /** Throws when the database cannot be used. */
  readonly checkReady: () => Promise<void>;
  /** Hears of failures that no caller is told of. */
  readonly onError: (error: unknown) => void;
}

interface AppTypes {
  Variables: { actor: Actor; graphiql?: boolean };
}

/** Everything that answers over HTTP. Only the health checks and the sign-in page answer whoever is not signed in. */
export function createApp(deps: AppDeps): Hono<AppTypes> {
  const app = new Hono<AppTypes>();
  app.use(async (context, next) => {
    await next();
    await securityHeaders(context.get("graphiql") ? ["'self'", "'unsafe-inline'"] : ["'self'"])(
      context,
      async () => {},
    );
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

  app.get("/sign-in", (context) => {
    const token = context.req.query("token");
    context.header("Cache-Control", "no-store");
    return context.html(signInPage(token ? { token } : { problem: "You are not signed in on this browser." }));
  });
  app.post("/sign-in", atMost(10_000), async (context) => {
    const { token } = await context.req.parseBody();
    const session = typeof token === "string" ? await signIn(deps.db, token) : null;
    if (!session) {
      const problem = "This sign-in link was used before, has expired, or is not complete.";
      return context.html(signInPage({ problem }), 403);
    }
    setCookie(context, SESSION_COOKIE, session, {
      httpOnly: true,
      sameSite: "Lax",
      secure: deps.auth.publicUrl?.startsWith("https:") ?? false,
      path: "/",
      maxAge: 30 * 86_400,
    });
    return context.redirect("/", 303);
  });

  app.use(async (context, next) => {
    const actor = await authenticate(deps.auth, {
      authorization: context.req.header("authorization"),
      cookie: context.req.header("cookie"),
      origin: context.req.header("origin"),
      host: context.req.header("host"),
    });
    if (!actor) return refuse(context);
    context.set("actor", actor);
    return await next();
  });

  app.post("/auth/sign-out", async (context) => {
    const session = cookieValue(context.req.header("cookie"), SESSION_COOKIE);
    if (session) await signOut(deps.db, session);
    deleteCookie(context, SESSION_COOKIE, { path: "/" });
    return context.redirect("/sign-in", 303);
  });
  app.all("/graphql", atMost(1024 * 1024), async (context) => {
    const answer = await deps.yoga.fetch(context.req.raw, { actor: context.get("actor") });
    // GraphiQL, the one page that is not ours, brings its script within itself.
    if (answer.headers.get("content-type")?.startsWith("text/html")) context.set("graphiql", true);
    return answer;
  });
  app.route("/assets", assetRoutes({ db: deps.db, store: deps.assets, previews: deps.previews }));
  // File names under /app carry a hash of what is in them.
  app.use("/app/*", compress(), async (context, next) => {
    await next();
    if (context.res.ok) context.header("Cache-Control", "private, max-age=31536000, immutable");
  });
  app.use(serveStatic({ root: deps.webFolder, rewriteRequestPath: (path) => (path === "/" ? "/-" : path) }));
  app.get("*", async (context) => await page(context, deps.webFolder));
  return app;
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

function refuse(context: Context): Response {
  if (context.req.method === "GET" && acceptsHtml(context)) return context.redirect("/sign-in");
  context.header("WWW-Authenticate", 'Bearer realm="Sluice"');
  const message = "Sign in, or send a token as `Authorization: Bearer …`. `npm run sluice -- token` makes one.";
  return context.json({ errors: [{ message, extensions: { code: "UNAUTHENTICATED" } }] }, 401);
}

function acceptsHtml(context: Context): boolean {
  return context.req.header("accept")?.includes("text/html") ?? false;
}

function securityHeaders(scriptSrc: string[]) {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      imgSrc: ["'self'", "data:", "blob:"],
      // The component library writes style attributes.
      styleSrc: ["'self'", "'unsafe-inline'"],
      scriptSrc,
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      formAction: ["'self'"],
    },
    // Without TLS a browser must not be told to insist on it; a proxy that has it says so itself.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: "same-origin",
    referrerPolicy: "no-referrer",
  });
}
