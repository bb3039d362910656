import { html } from "hono/html";

/**
 * The page behind a sign-in link. Opening it changes nothing, so that mail scanners and link previews use nothing up;
 * the button does.
 */
export function signInPage(
  state: { readonly token: string; readonly name: string | null } | { readonly problem: string },
) {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <meta name="referrer" content="no-referrer" />
    <title>Sign in · Sluice</title>
    <style>
      :root { color-scheme: light dark; }
      body { font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 100vh; margin: 0; background: light-dark(#f1f3f5, #1a1b1e); }
      main { box-sizing: border-box; width: min(28rem, 100vw - 2rem); padding: 1.5rem 2rem 2rem; border: 1px solid color-mix(in srgb, currentColor 18%, transparent); border-radius: 0.75rem; background: light-dark(#fff, #25262b); }
      h1 { font-size: 1.4rem; margin: 0; }
      button { font: inherit; font-weight: 600; padding: 0.6rem 1.2rem; border-radius: 0.4rem; border: 0; background: #0b7285; color: #fff; cursor: pointer; }
      code { font-size: 0.9em; padding: 0.15em 0.35em; border-radius: 0.25em; background: color-mix(in srgb, currentColor 12%, transparent); }
    </style>
  </head>
  <body>
    <main>
      <h1>Sluice</h1>
      ${
        "token" in state
          ? html`<p>This link signs you in on this browser${state.name === null ? "" : html` as <strong>${state.name}</strong>`}.</p>
              <form method="post" action="/sign-in">
                <input type="hidden" name="token" value="${state.token}" />
                <button type="submit">Sign in</button>
              </form>`
          : html`<p>${state.problem}</p>
              <p>For a new sign-in link, run <code>npm run sluice -- sign-in-link</code> in the folder of Sluice.</p>`
      }
    </main>
  </body>
</html>`;
}
