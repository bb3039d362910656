import { GeneratorError } from "@sluice/engine";

/** ComfyUI, or the way to it, is down for now. */
export class ComfyUnreachable extends GeneratorError {
  /** Whether the request may have arrived all the same. */
  readonly mayHaveArrived: boolean;

  constructor(message: string, options: { mayHaveArrived: boolean; cause?: unknown }) {
    super(message, { retryable: true, cause: options.cause });
    this.mayHaveArrived = options.mayHaveArrived;
  }
}

export interface Ask {
  readonly method?: "GET" | "POST";
  /** Sent as JSON, where it is no form. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

export interface Answer {
  readonly status: number;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export type Http = (path: string, ask: Ask) => Promise<Answer>;

const TIMEOUT_MS = 30_000;
/** A history entry holds its whole workflow, pictures as text included where somebody has put them there. */
const MAX_BYTES = 64 * 1024 * 1024;
/** What a proxy says while the server behind it starts. */
const DOWN = new Set([429, 502, 503, 504]);
/** The request did not leave, or nobody took it. */
const NOT_ARRIVED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * Requests to one server. Its address and headers are never part of an error: errors are shown to everybody.
 *
 * The request throws `ComfyUnreachable` when there is no answer, a `GeneratorError` that no retry mends when the answer
 * is a refusal, and the signal's reason when that is aborted.
 *
 * @param name of the generator, by which errors call the server
 */
export function comfyHttp({
  name,
  url,
  headers,
}: {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}): Http {
  const base = url.replace(/\/+$/, "");
  return async (path, { method = "GET", body, signal, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES }) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(base + path, {
        method,
        // Headers may hold a key: it does not follow a redirect to somewhere else.
        redirect: "manual",
        headers: { ...headers, ...(isJson(body) && { "content-type": "application/json" }) },
        ...(body !== undefined && { body: isJson(body) ? JSON.stringify(body) : (body as FormData) }),
        signal: AbortSignal.any([signal, timeout]),
      });
      const bytes = await readBody(response, maxBytes, name);
      refuse(response.status, name);
      return { status: response.status, mediaType: mediaTypeOf(response), bytes };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof GeneratorError) throw error;
      const code = codeOf(error);
      const why = timeout.aborted ? `no answer within ${timeoutMs / 1_000} s` : (code ?? (error as Error).message);
      throw new ComfyUnreachable(`ComfyUI ("${name}") cannot be reached: ${why}. Is it running?`, {
        mayHaveArrived: code === undefined || !NOT_ARRIVED.has(code),
        cause: error,
      });
    }
  };
}

function refuse(status: number, name: string): void {
  const who = `ComfyUI ("${name}")`;
  if (DOWN.has(status)) {
    // A gateway that gives up may have handed the request on.
    const mayHaveArrived = status === 502 || status === 504;
    throw new ComfyUnreachable(`${who} is not ready: HTTP ${status}.`, { mayHaveArrived });
  }
  if (status === 401 || status === 403) {
    throw new GeneratorError(`${who} refuses access: HTTP ${status}. Put what it asks for into its "headers".`, {
      retryable: false,
    });
  }
  if (status >= 300 && status < 400) {
    throw new GeneratorError(`${who} answers with a redirect. Put the address that it leads to into its "url".`, {
      retryable: false,
    });
  }
}

async function readBody(response: Response, maxBytes: number, name: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body ?? []) {
    size += piece.byteLength;
    if (size > maxBytes) {
      // Leaving the loop cancels the rest.
      throw new GeneratorError(
        `ComfyUI ("${name}") gives more than ${Math.round(maxBytes / 1024 / 1024)} MB at once, which is more than is kept.`,
        { retryable: false },
      );
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function isJson(body: unknown): boolean {
  return body !== undefined && !(body instanceof FormData);
}

function mediaTypeOf(response: Response): string {
  return (response.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
}

function codeOf(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string") return at.code;
  }
  return undefined;
}
