import { createAuthEndpoint } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { z } from "zod";

const LINK_PREFIX = "slk_";

/** Under which a link is kept; better-auth keeps the SHA-256 of it. */
export function linkIdentifier(token: string): string {
  return `sign-in:${token}`;
}

export function isLinkToken(token: string): boolean {
  return token.startsWith(LINK_PREFIX);
}

export function linkToken(random: string): string {
  return `${LINK_PREFIX}${random}`;
}

/**
 * A plugin of better-auth: signs one person in with a link that the command line, or the first start, made. The link is
 * used up, whoever is first. The session is opened before: a link is never used up without one, and whoever comes
 * second has theirs taken away before they know of it.
 */
export function signInByLink() {
  return {
    id: "sluice-sign-in-link",
    endpoints: {
      signInByLink: createAuthEndpoint(
        "/sign-in/link",
        { method: "POST", body: z.object({ token: z.string() }) },
        async (ctx) => {
          const { internalAdapter } = ctx.context;
          const identifier = linkIdentifier(ctx.body.token);
          const link = await internalAdapter.findVerificationValue(identifier);
          const user = link && link.expiresAt > new Date() ? await internalAdapter.findUserById(link.value) : null;
          if (!user) return ctx.json({ signedIn: false });
          const session = await internalAdapter.createSession(user.id, false, { byLink: true });
          const used = await internalAdapter.consumeVerificationValue(identifier);
          if (!used) {
            await internalAdapter.deleteSession(session.token);
            return ctx.json({ signedIn: false });
          }
          await setSessionCookie(ctx, { session, user });
          return ctx.json({ signedIn: true });
        },
      ),
    },
  };
}
