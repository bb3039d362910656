import { html } from "hono/html";
import { type Html, page, problem } from "./page.ts";

/**
 * The page behind a sign-in link. Opening it changes nothing, so that mail scanners and link previews use nothing up;
 * the button does.
 *
 * @param link.name whom it signs in; null where it no longer does, which pressing the button tells
 */
export function linkPage(link: {
  readonly token: string;
  readonly name: string | null;
  readonly problem?: string;
}): Html {
  return page(
    "Sign in",
    html`${problem(link.problem)}
      <p>This link signs you in on this browser${link.name === null ? "" : html` as <strong>${link.name}</strong>`}.</p>
      <form method="post" action="/sign-in">
        <input type="hidden" name="token" value="${link.token}" />
        <button type="submit">Sign in</button>
      </form>`,
  );
}

/** Signing in with a password, and how to come by another way in. */
export function signInPage(state: { readonly problem?: string; readonly email?: string } = {}): Html {
  return page(
    "Sign in",
    html`${problem(state.problem)}
      <form method="post" action="/sign-in">
        <label>Email
          <input type="email" name="email" value="${state.email ?? ""}" autocomplete="username" required autofocus />
        </label>
        <label>Password
          <input type="password" name="password" autocomplete="current-password" required />
        </label>
        <button type="submit">Sign in</button>
      </form>
      <p><small>No password yet, or forgotten? Ask an owner for an invitation, or run
        <code>npm run sluice -- sign-in-link --name you</code> in the folder of Sluice.</small></p>`,
  );
}
