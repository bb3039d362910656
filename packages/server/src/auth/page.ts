import type { MiddlewareHandler } from "hono";
import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** A page of its own, without scripts, for whoever is not signed in. */
export function page(title: string, content: Html): Html {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>${title} · Sluice</title>
    <style>
      :root { color-scheme: light dark; }
      body { font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 100vh; margin: 0; background: light-dark(#f1f3f5, #1a1b1e); }
      main { box-sizing: border-box; width: min(28rem, 100vw - 2rem); padding: 1.5rem 2rem 2rem; border: 1px solid color-mix(in srgb, currentColor 18%, transparent); border-radius: 0.75rem; background: light-dark(#fff, #25262b); }
      h1 { font-size: 1.4rem; margin: 0 0 0.75rem; }
      form { display: grid; gap: 0.9rem; }
      label { display: grid; gap: 0.25rem; font-weight: 600; }
      input { font: inherit; padding: 0.5rem 0.7rem; border-radius: 0.4rem; border: 1px solid color-mix(in srgb, currentColor 45%, transparent); background: transparent; color: inherit; }
      input[readonly] { opacity: 0.75; }
      button { justify-self: start; font: inherit; font-weight: 600; padding: 0.6rem 1.2rem; border-radius: 0.4rem; border: 0; background: #0b7285; color: #fff; cursor: pointer; }
      small { font-weight: 400; opacity: 0.8; }
      .problem { padding: 0.6rem 0.8rem; border-radius: 0.4rem; border-left: 4px solid #c92a2a; background: color-mix(in srgb, #c92a2a 12%, transparent); }
      code { font-size: 0.9em; padding: 0.15em 0.35em; border-radius: 0.25em; background: color-mix(in srgb, currentColor 12%, transparent); }
    </style>
  </head>
  <body>
    <main>
      <h1>Sluice</h1>
      ${content}
    </main>
  </body>
</html>`;
}

export function problem(message: string | undefined): Html {
  return message ? html`<p class="problem" role="alert">${message}</p>` : html``;
}

export interface PageVariables {
  /** What browsers may tell other pages of this one's address. */
  readonly referrerPolicy: "no-referrer" | "same-origin";
}

/**
 * For pages with forms, whose address may carry a secret: nobody keeps them, and no other site is told of them. Our own
 * is told, since of a page that tells nobody browsers send forms with the origin `null`.
 */
export const formPage: MiddlewareHandler<{ Variables: Partial<PageVariables> }> = async (context, next) => {
  context.set("referrerPolicy", "same-origin");
  await next();
  context.header("Cache-Control", "no-store");
};
