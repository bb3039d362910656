import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";

export interface PostOptions {
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
  /** For everything, the answer's last byte included. */
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  readonly signal: AbortSignal;
}

export interface PostAnswer {
  readonly status: number;
  /** Without parameters, in lower case. */
  readonly mediaType: string;
  readonly body: Uint8Array;
}

/** The answer was larger than it may be. */
export class AnswerTooLargeError extends Error {
  override readonly name = "AnswerTooLargeError";
}

/**
 * Sends one POST on a connection of its own, and reads the answer. Redirects are answers like any other. Node's `fetch`
 * would give up after five minutes by itself, and a picture may take longer.
 *
 * @throws the connection's error; AnswerTooLargeError; the signal's reason; a TimeoutError
 */
export async function post(url: string, options: PostOptions): Promise<PostAnswer> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
  const send = new URL(url).protocol === "https:" ? httpsRequest : httpRequest;
  return await new Promise<PostAnswer>((resolve, reject) => {
    const fail = (error: unknown): void => reject(signal.aborted ? signal.reason : error);
    const sent = send(url, {
      method: "POST",
      agent: false,
      signal,
      headers: { ...options.headers, "content-length": String(Buffer.byteLength(options.body)) },
    });
    sent.once("upgrade", (_response, socket) => {
      socket.destroy();
      fail(new Error("The connection was switched to another protocol."));
    });
    sent.once("error", fail);
    sent.once("close", () => fail(new Error("The connection was closed without an answer.")));
    sent.once("response", (response) => {
      readAll(response, options.maxAnswerBytes).then((body) => {
        const mediaType = (response.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
        resolve({ status: response.statusCode ?? 0, mediaType, body });
      }, fail);
    });
    sent.end(options.body);
  });
}

async function readAll(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      response.destroy();
      throw new AnswerTooLargeError();
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
