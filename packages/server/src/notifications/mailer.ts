import { createTransport } from "nodemailer";
import { oneLine } from "./one-line.ts";

/** A letter to one person. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** The same when it is sent again, so that mailboxes show it once: letters, digits and hyphens. */
  readonly id?: string;
  /** The list that it belongs to, by which mailboxes sort, such as `approvals`; none for a letter of its own. */
  readonly list?: string;
}

export interface Mailer extends Disposable {
  /**
   * Resolves once the mail server has taken it.
   *
   * @returns the SMTP code that it answered, such as 250; null where it said none
   * @throws what nodemailer throws
   */
  send(mail: Mail): Promise<number | null>;
}

/** An answer within these, or the mail server counts as away. */
const CONNECT_MS = 10_000;
const SOCKET_MS = 20_000;
/** The longest that a subject may be and still be shown on one line by most. */
const MAX_SUBJECT = 160;

/**
 * Sends over SMTP, one connection for each mail: there are few, and a kept one goes stale.
 *
 * @param settings.smtpUrl such as `smtps://user:password@mail.example.org`
 * @param settings.from such as `Sluice <sluice@example.org>`
 */
export function createMailer(settings: { readonly smtpUrl: string; readonly from: string }): Mailer {
  const url = new URL(settings.smtpUrl);
  const secure = url.protocol === "smtps:";
  const transport = createTransport({
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port ? Number(url.port) : secure ? 465 : 587,
    secure,
    // A password is never sent in the clear, but to this machine itself.
    ...(url.username && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
      requireTLS: !secure && !LOCAL.has(url.hostname),
    }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SOCKET_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([\w.-]+)>?\s*$/.exec(settings.from)?.[1] ?? "sluice.invalid";
  return {
    async send({ to, subject, text, html, id, list }) {
      const { response } = await transport.sendMail({
        from: settings.from,
        // As an object: what is in it is an address and never a list of them.
        to: { name: "", address: to },
        subject: shortened(subject),
        text,
        ...(html !== undefined && { html }),
        ...(id && { messageId: `<${id}@${domain}>` }),
        ...(list && { list: { id: { url: `${list}.${domain}`, comment: "Sluice" } } }),
        headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
      });
      const code = /^\d{3}(?=\D|$)/.exec(response)?.[0];
      return code === undefined ? null : Number(code);
    },
    [Symbol.dispose]: () => transport.close(),
  };
}

const LOCAL: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

function shortened(subject: string): string {
  const line = oneLine(subject);
  return line.length <= MAX_SUBJECT ? line : `${line.slice(0, MAX_SUBJECT - 1).toWellFormed()}…`;
}
