import { InvalidInputError, type Queryable } from "@sluice/engine";
import { APIError } from "better-auth/api";
import { type Context, Hono } from "hono";
import { attemptDelay } from "./attempt-delay.ts";
import { attemptLimit } from "./attempt-limit.ts";
import { isOurOrigin } from "./authenticate.ts";
import type { Auth } from "./better-auth.ts";
import { invitationPage, noInvitationPage } from "./invitation-page.ts";
import { acceptInvitation, openInvitation } from "./invitations.ts";
import { formPage, type Html } from "./page.ts";
import { mayBeEverybody, placeOf } from "./place-of.ts";
import { nameOfLink } from "./sign-in-links.ts";
import { linkPage, signInPage } from "./sign-in-page.ts";
import { type SignInTurns, TRY_AGAIN, TRY_AGAIN_SECONDS } from "./sign-in-turns.ts";

export interface SignInDeps {
  readonly auth: Auth;
  readonly db: Queryable;
  readonly turns: SignInTurns;
  readonly publicUrl: string | undefined;
}

/** Wrong passwords from one place within a quarter of an hour, whomever they were for. */
const WRONG_FROM_A_PLACE = 100;

const WRONG = "This email address and password do not belong together.";
const TOO_MANY = "Too many attempts. Wait a quarter of an hour, then try again.";
const tooSoon = (seconds: number) => `Too many wrong passwords. Wait ${seconds} seconds, then try again.`;
const USED = "This sign-in link was used before, has expired, or is not complete.";
const ELSEWHERE = "This form was sent from another site. Nothing was done; try again here.";

/**
 * How people come in: by password, sign-in link or invitation. Pages without scripts: GET changes nothing, POST counts
 * only when a page of ours sent it, so that no other site can sign somebody in as somebody else.
 */
export function signInRoutes({ auth, db, turns, publicUrl }: SignInDeps): Hono {
  const app = new Hono();
  // Of one person from one place: nobody is kept out by what others try elsewhere.
  const guesses = attemptDelay();
  const places = attemptLimit(() => WRONG_FROM_A_PLACE);
  app.use("/sign-in", formPage);
  app.use("/invitation", formPage);

  app.get("/sign-in", async (context) => {
    const token = context.req.query("token");
    if (!token) return context.html(signInPage());
    return context.html(linkPage({ token, name: await nameOfLink({ auth, db }, token) }));
  });

  app.post("/sign-in", async (context) => {
    const form = await fields(context);
    if (isFromElsewhere(context, publicUrl)) return context.html(signInPage({ problem: ELSEWHERE }), 403);
    const { token = "", email = "", password } = form;
    const isByLink = form.email === undefined || password === undefined;
    // Its turn comes first: an attempt that is turned away is none.
    const answer = turns.take(whoseTurn(context), () =>
      isByLink ? byLink(context, token) : byPassword(context, email.trim().toLowerCase(), password),
    );
    const again = isByLink
      ? linkPage({ token, name: null, problem: TRY_AGAIN })
      : signInPage({ problem: TRY_AGAIN, email });
    return (await answer) ?? later(context, again);
  });

  async function byPassword(context: Context, email: string, password: string): Promise<Response> {
    const place = placeOf(context);
    const fromPlace = places.begin(mayBeEverybody(place) ? [] : [place]);
    const guess = fromPlace.allowed ? guesses.begin(`${email} ${place}`) : { waitSeconds: 900, succeeded: () => {} };
    if (guess.waitSeconds > 0) {
      fromPlace.succeeded();
      context.header("Retry-After", String(guess.waitSeconds));
      const problem = fromPlace.allowed ? tooSoon(guess.waitSeconds) : TOO_MANY;
      return context.html(signInPage({ problem, email }), 429);
    }
    const answer = await auth.api
      .signInEmail({ body: { email, password }, headers: headersOf(context), returnHeaders: true })
      .catch(refusal);
    if ("refused" in answer) return context.html(signInPage({ problem: answer.refused, email }), 403);
    guess.succeeded();
    fromPlace.succeeded();
    return signedIn(context, answer.headers);
  }

  app.get("/invitation", async (context) => {
    const token = context.req.query("token") ?? "";
    const invitation = await openInvitation(db, token);
    return invitation ? context.html(invitationPage({ token, invitation })) : context.html(noInvitationPage(), 404);
  });

  app.post("/invitation", async (context) => {
    const { token = "", name = "", email = "", password = "" } = await fields(context);
    const invitation = await openInvitation(db, token);
    if (!invitation) return context.html(noInvitationPage(), 403);
    const again = (problem: string, status: 403 | 422) =>
      context.html(invitationPage({ token, invitation, name, email, problem }), status);
    if (isFromElsewhere(context, publicUrl)) return again(ELSEWHERE, 403);
    const accept = async (): Promise<Response> => {
      try {
        const accepted = await acceptInvitation({ auth, db }, token, { name, email, password });
        if (!accepted) return context.html(noInvitationPage(), 403);
        const body = { email: accepted.email, password };
        const { headers } = await auth.api.signInEmail({ body, headers: headersOf(context), returnHeaders: true });
        return signedIn(context, headers);
      } catch (error) {
        if (error instanceof InvalidInputError) return again(error.message, 422);
        throw error;
      }
    };
    const answer = await turns.take(whoseTurn(context), accept);
    return answer ?? later(context, invitationPage({ token, invitation, name, email, problem: TRY_AGAIN }));
  });

  return app;

  async function byLink(context: Context, token: string): Promise<Response> {
    const answer = await auth.api
      .signInByLink({ body: { token }, headers: headersOf(context), returnHeaders: true })
      .catch(refusal);
    if ("refused" in answer) return context.html(signInPage({ problem: answer.refused }), 403);
    if (!answer.response.signedIn) return context.html(signInPage({ problem: USED }), 403);
    return signedIn(context, answer.headers);
  }
}

/** Who waits for a turn: a place, or null where that may be everybody. */
function whoseTurn(context: Context): string | null {
  const place = placeOf(context);
  return mayBeEverybody(place) ? null : place;
}

function later(context: Context, page: Html): Response | Promise<Response> {
  context.header("Retry-After", String(TRY_AGAIN_SECONDS));
  return context.html(page, 429);
}

function signedIn(context: Context, headers: Headers): Response {
  for (const cookie of headers.getSetCookie()) context.header("Set-Cookie", cookie, { append: true });
  return context.redirect("/", 303);
}

/** What better-auth refuses, in our words: nobody learns whether it was the address or the password. */
function refusal(error: unknown): { readonly refused: string } {
  if (!(error instanceof APIError) || error.statusCode >= 500) throw error;
  if (error.body?.code === "DEACTIVATED") return { refused: "You are deactivated here. An owner can reactivate you." };
  return { refused: WRONG };
}

/** The texts of a form; a body that is none has none. */
async function fields(context: Context): Promise<{ readonly [name: string]: string | undefined }> {
  const body = await context.req.parseBody().catch(() => ({}));
  const texts = Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  // PostgreSQL has no text with a null character in it.
  return Object.fromEntries(texts.map(([name, text]) => [name, text.replaceAll("\0", "")]));
}

/**
 * Whether a page of another site sent a form. Browsers say where a request comes from: in `Sec-Fetch-Site`, older ones in
 * `Origin`. A request without either is no browser's. It cannot be the work of another site, since it takes a browser to be
 * misled by one.
 */
function isFromElsewhere(context: Context, publicUrl: string | undefined): boolean {
  const site = context.req.header("sec-fetch-site");
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  const { origin, host } = { origin: context.req.header("origin"), host: context.req.header("host") };
  return !isOurOrigin(publicUrl, { origin, host });
}

/** What better-auth keeps of a request with a session: the browser it was opened on. */
function headersOf(context: Context): Headers {
  return new Headers({ "user-agent": context.req.header("user-agent") ?? "" });
}
