import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { inbox } from "./inbox.ts";

/** One request to a webhook, with its signature not checked yet. */
export interface Received {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
  readonly message: { readonly type: string; readonly data: Record<string, never> & { readonly text: string } };
}

type Answer = number | ((response: ServerResponse) => void);

/** A webhook's receiver on a real socket. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
  /** Answers the next requests so, each with one; 200 once they are used up. */
  answer(...answers: readonly Answer[]): void;
  /** Resolves with the first request, now or later, that it holds for. */
  until(holds: (received: Received) => boolean): Promise<Received>;
}

export async function receiver(port = 0): Promise<Receiver> {
  const requests = inbox<Received>();
  const answers: Answer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const answer = answers.shift() ?? 200;
      requests.add({
        id: String(request.headers["webhook-id"]),
        headers: request.headers,
        body,
        path: request.url ?? "",
        message: JSON.parse(body),
      });
      if (typeof answer === "function") return answer(response);
      response.writeHead(answer).end();
    });
  });
  server.listen(port, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received: requests.all,
    answer: (...more) => void answers.push(...more),
    until: requests.until,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Whether a request is signed with a secret, as the receiver's own library says. */
export function isSignedWith(secret: string, { body, headers }: Received): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}
