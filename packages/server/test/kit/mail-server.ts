import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { inbox } from "./inbox.ts";

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** By name in lower case; folded lines are joined. */
  readonly headers: ReadonlyMap<string, string>;
  /** Every part, decoded. */
  readonly text: string;
}

/** A mail server on a real socket, without accounts. */
export interface MailServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  until(holds: (mail: ReceivedMail) => boolean): Promise<ReceivedMail>;
  count(number: number, holds: (mail: ReceivedMail) => boolean): Promise<readonly ReceivedMail[]>;
}

/** @param options.refuse recipients who are answered with 550 */
export async function mailServer(
  options: { readonly port?: number; readonly refuse?: readonly string[] } = {},
): Promise<MailServer> {
  const mails = inbox<ReceivedMail>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onRcptTo({ address }, _session, callback) {
      if (!options.refuse?.includes(address)) return callback();
      callback(Object.assign(new Error("No such mailbox"), { responseCode: 550 }));
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        // Before the answer, which ends the envelope.
        const { mailFrom, rcptTo } = session.envelope;
        mails.add({
          ...read(Buffer.concat(chunks).toString()),
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
        });
        callback();
      });
    },
  });
  server.on("error", () => {});
  const listening = server.listen(options.port ?? 0, "127.0.0.1");
  await new Promise((resolve) => listening.once("listening", resolve));
  const { port } = listening.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    mails: mails.all,
    until: mails.until,
    count: mails.count,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function read(source: string): Pick<ReceivedMail, "headers" | "text"> {
  const end = source.indexOf("\r\n\r\n");
  const head = source.slice(0, end).replaceAll(/\r\n[ \t]+/g, " ");
  const headers = new Map(
    head.split("\r\n").map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const parts = source.slice(end).replaceAll("=\r\n", "");
  const bytes = parts.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return { headers, text: Buffer.from(bytes, "latin1").toString() };
}
