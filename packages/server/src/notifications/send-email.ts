import { type AttemptOutcome, type ClaimedDelivery, type EngineDeps, linkForMessage } from "@sluice/engine";
import { mailText } from "./mail-text.ts";
import type { Mailer } from "./mailer.ts";

export interface SendEmailDeps {
  readonly engine: EngineDeps;
  readonly mailer: Mailer;
  /** Where people reach the dashboard. */
  readonly origin: () => string;
}

type Outcome = Omit<AttemptOutcome, "durationMs">;

/**
 * Writes to one person. Each attempt has a decision link of its own, since no secret is kept that could be sent twice;
 * that of an attempt which the mail server refused is taken back.
 */
export async function sendEmail(deps: SendEmailDeps, delivery: ClaimedDelivery): Promise<Outcome> {
  const link = await decisionLink(deps, delivery);
  const decide = link && `${deps.origin()}/decide/${link.secret}`;
  try {
    const status = await deps.mailer.send({
      ...mailText(delivery.payload, { decide }),
      to: delivery.address,
      id: delivery.messageId,
      list: "approvals",
    });
    return { status, error: null };
  } catch (error) {
    await link?.revoke();
    return explain(error);
  }
}

async function decisionLink({ engine }: SendEmailDeps, { payload, approvalId, recipient }: ClaimedDelivery) {
  // Of an alert that is about something else, nothing is to be decided.
  if (approvalId === null || !recipient || payload.data.approval?.status !== "PENDING") return null;
  return await linkForMessage(engine, { approvalId, actorId: recipient.id });
}

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
}

function explain(error: unknown): Outcome {
  const { code, responseCode } = error as SmtpError;
  const status = responseCode ?? null;
  const said = responseCode ? ` It answered ${responseCode}.` : "";
  switch (code) {
    case "EENVELOPE": {
      // From 550 on the address is at fault, and stays so.
      const hopeless = responseCode !== undefined && responseCode >= 550 && responseCode < 560;
      return { status, error: `The mail server refused the sender or the recipient.${said}`, hopeless };
    }
    case "EAUTH":
      return { status, error: `The mail server refused the user name or the password of SLUICE_SMTP_URL.${said}` };
    case "ETLS":
      return { status, error: "No encrypted connection to the mail server could be made." };
    case "EMESSAGE":
      return { status, error: `The mail server refused the message.${said}` };
    default:
      return { status, error: `The mail server cannot be reached (${code ?? (error as Error).name}).${said}` };
  }
}
