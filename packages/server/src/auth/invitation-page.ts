import { html } from "hono/html";
import { PASSWORD_LENGTH } from "./better-auth.ts";
import type { OpenInvitation } from "./invitations.ts";
import { type Html, page, problem } from "./page.ts";

/** What somebody may do with a role, in words for whoever is given it. */
const WHAT_FOR = {
  VIEWER: "look at everything",
  VOTER: "compare candidates",
  APPROVER: "compare candidates and decide gates",
  OPERATOR: "start and steer runs, and decide gates",
  OWNER: "do everything, and say who else may do what",
} as const satisfies Record<OpenInvitation["role"], string>;

/** The page behind an invitation. Opening it changes nothing; a problem keeps what was written, but the password. */
export function invitationPage(state: {
  readonly token: string;
  readonly invitation: OpenInvitation;
  readonly problem?: string;
  readonly name?: string;
  readonly email?: string;
}): Html {
  const { token, invitation } = state;
  return page(
    "Invitation",
    html`<p>${invitation.invitedBy ?? "An owner"} invites you to ${WHAT_FOR[invitation.role]}.</p>
      ${problem(state.problem)}
      <form method="post" action="/invitation">
        <input type="hidden" name="token" value="${token}" />
        <label>Name
          <input name="name" value="${invitation.name ?? state.name ?? ""}" autocomplete="name" maxlength="60" required
            ${invitation.name === null ? "" : "readonly"} />
          <small>Shown with your votes and decisions.</small>
        </label>
        <label>Email
          <input type="email" name="email" value="${invitation.email ?? state.email ?? ""}" autocomplete="username" required
            ${invitation.email === null ? "" : "readonly"} />
        </label>
        <label>Password
          <input type="password" name="password" autocomplete="new-password" minlength="${PASSWORD_LENGTH.min}"
            maxlength="${PASSWORD_LENGTH.max}" required />
          <small>At least ${PASSWORD_LENGTH.min} characters.</small>
        </label>
        <button type="submit">Join</button>
      </form>`,
  );
}

/** An invitation that is over, or never was. */
export function noInvitationPage(): Html {
  return page(
    "Invitation",
    html`<p>This invitation was used before, was taken back, has expired, or is not complete.</p>
      <p>Ask whoever invited you for another. If you have joined already, <a href="/sign-in">sign in</a>.</p>`,
  );
}
