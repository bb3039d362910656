import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { NetworkGuard } from "./receiver-guard.ts";

export interface PostOptions {
  readonly guard: NetworkGuard;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
  /** For everything: finding the name, connecting, sending, and the head of the answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The head of an answer. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

/** What of an answer's body is read, so that the receiver can finish it; nothing of it is kept. */
const MAX_BODY = 64 * 1024;

/**
 * Sends one POST: to the address it is given and nowhere else (redirects are answers like any other), on a connection
 * of its own, whose address the guard has seen.
 *
 * @throws the connection's error; an AbortError when it is stopped; an InvalidInputError or RefusedAddressError of the guard's
 */
export async function post(address: string, options: PostOptions): Promise<Answer> {
  const url = options.guard.read(address);
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return await new Promise<Answer>((resolve, reject) => {
    const sent = send(url, {
      method: "POST",
      agent: false,
      lookup: options.guard.lookup,
      signal,
      maxHeaderSize: 16 * 1024,
      headers: { ...options.headers, "content-length": String(Buffer.byteLength(options.body)) },
    });
    // A receiver that wants to speak something else has answered too; without a listener Node closes in silence.
    sent.once("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, retryAfter: undefined });
    });
    // Whatever else ends the connection: nobody waits for an answer that cannot come any more.
    sent.once("close", () =>
      reject(signal.aborted ? signal.reason : new Error("The connection was closed without an answer.")),
    );
    sent.once("error", (error) => reject(signal.aborted ? signal.reason : error));
    sent.once("response", (response) => {
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers["retry-after"] });
      drain(response);
    });
    sent.end(options.body);
  });
}

function drain(response: IncomingMessage): void {
  let read = 0;
  response.on("data", (chunk: Buffer) => {
    read += chunk.length;
    if (read > MAX_BODY) response.destroy();
  });
  // How a body ends is of no interest: the answer is its status.
  response.on("error", () => {});
}
