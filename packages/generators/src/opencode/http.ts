import { GeneratorError } from "@sluice/engine";
import type { z } from "zod";
import type { OpencodeSettings } from "./settings.ts";

/** The server, or the way to it, is down for now. */
export class OpencodeUnreachable extends GeneratorError {}

export interface Ask {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly body?: unknown;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  /** For what every OpenCode server has: where it is not there, another server answers. */
  readonly always?: boolean;
}

export interface OpencodeHttp {
  /** @returns null where the server knows no such thing */
  json<Schema extends z.ZodType>(path: string, schema: Schema, ask: Ask): Promise<z.infer<Schema> | null>;
  /** The bytes of an answer that goes on until it is aborted. */
  stream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** The first request in a folder waits until OpenCode has read its configuration and loaded its plugins. */
const TIMEOUT_MS = 60_000;
/** Of a stream, until it begins. */
const CONNECT_MS = 10_000;
/** A session's messages, with all that its tools printed. */
const MAX_BYTES = 64 * 1024 * 1024;
/** What a proxy says while the server behind it starts. */
const DOWN = new Set([429, 502, 503, 504]);

/**
 * Requests to one server, in one folder. Its address, name and password are never part of an error: errors are shown to
 * everybody.
 *
 * The requests throw `OpencodeUnreachable` when there is no answer, a `GeneratorError` when the answer is a refusal or
 * is not OpenCode's, and the signal's reason when that is aborted.
 *
 * @param name of the generator, by which errors call the server
 */
export function opencodeHttp(
  name: string,
  settings: Pick<OpencodeSettings, "url" | "username" | "password" | "directory">,
): OpencodeHttp {
  const base = settings.url.replace(/\/+$/, "");
  const headers = new Headers({ accept: "application/json" });
  if (settings.password !== undefined) {
    const credentials = Buffer.from(`${settings.username}:${settings.password}`).toString("base64");
    headers.set("authorization", `Basic ${credentials}`);
  }
  const folder = settings.directory === undefined ? "" : `directory=${encodeURIComponent(settings.directory)}`;

  const request = async (path: string, { method = "GET", body }: Ask, signal: AbortSignal): Promise<Response> => {
    const sent = new Headers(headers);
    if (body !== undefined) sent.set("content-type", "application/json");
    const query = folder && (path.includes("?") ? `&${folder}` : `?${folder}`);
    return await fetch(base + path + query, {
      method,
      headers: sent,
      body: body === undefined ? null : JSON.stringify(body),
      signal,
      // An address that moved is a mistake to be mended in the operator's file; the password goes nowhere else.
      redirect: "manual",
    });
  };

  return {
    async json(path, schema, ask) {
      const timeout = AbortSignal.timeout(ask.timeoutMs ?? TIMEOUT_MS);
      const signal = AbortSignal.any([ask.signal, timeout]);
      let status: number;
      let text: string;
      try {
        const response = await request(path, ask, signal);
        status = response.status;
        text = await readText(response, name);
      } catch (error) {
        if (ask.signal.aborted) throw ask.signal.reason;
        if (error instanceof GeneratorError) throw error;
        throw unreachable(name, error);
      }
      if (status === 404 && !ask.always) return null;
      refuseStatus(name, status);
      if (status === 204) return schema.parse(undefined);
      const parsed = schema.safeParse(parseJson(text));
      if (parsed.success) return parsed.data;
      throw notOpencode(name, parsed.error);
    },
    async stream(path, signal) {
      const connecting = new AbortController();
      const timer = setTimeout(() => connecting.abort(), CONNECT_MS);
      const begun = request(path, { signal }, AbortSignal.any([signal, connecting.signal]));
      const response = await begun.finally(() => clearTimeout(timer));
      refuseStatus(name, response.status);
      if (response.body === null) throw notOpencode(name);
      return response.body;
    },
  };
}

function refuseStatus(name: string, status: number): void {
  if (status >= 200 && status < 300) return;
  if (status === 404) throw notOpencode(name);
  if (status === 401 || status === 403) {
    throw new GeneratorError(
      `The OpenCode server of "${name}" refuses the user name and password: set "username" and "password" of the generator to what the server was started with (OPENCODE_SERVER_PASSWORD).`,
      { retryable: false },
    );
  }
  if (DOWN.has(status)) {
    throw new OpencodeUnreachable(`The OpenCode server of "${name}" is not ready: it answers with HTTP ${status}.`, {
      retryable: true,
    });
  }
  if (status >= 500) {
    throw new GeneratorError(`The OpenCode server of "${name}" failed with HTTP ${status}; its own log says why.`, {
      retryable: true,
    });
  }
  if (status >= 300 && status < 400) {
    throw new GeneratorError(
      `The "url" of "${name}" leads elsewhere (HTTP ${status}): set it to where OpenCode itself answers.`,
      { retryable: false },
    );
  }
  throw new GeneratorError(
    `The OpenCode server of "${name}" refuses a request with HTTP ${status}: its version may be too old or too new (this was made for 1.18).`,
    { retryable: false },
  );
}

function unreachable(name: string, cause: unknown): OpencodeUnreachable {
  return new OpencodeUnreachable(
    `The OpenCode server of "${name}" does not answer (${reasonOf(cause)}). Is \`opencode serve\` running, and is "url" right?`,
    { retryable: true, cause },
  );
}

/** A code such as ECONNREFUSED: messages of the network's errors name addresses. */
function reasonOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === "TimeoutError") return "timed out";
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return "connection lost";
}

function notOpencode(name: string, cause?: unknown): GeneratorError {
  return new GeneratorError(
    `What answers at the "url" of "${name}" does not answer like OpenCode 1.18: is it another server, or another version?`,
    { retryable: false, cause },
  );
}

async function readText(response: Response, name: string): Promise<string> {
  if (response.body === null) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) {
      throw new GeneratorError(`The OpenCode server of "${name}" answered with more than 64 MB.`, { retryable: false });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
