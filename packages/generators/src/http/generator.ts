import { createHash, randomUUID } from "node:crypto";
import { connect } from "node:net";
import {
  type GenerateContext,
  type Generated,
  type Generator,
  GeneratorError,
  type GeneratorHealth,
  type ParentCandidate,
} from "@sluice/engine";
import { Webhook } from "standardwebhooks";
import { firstBytes } from "../outside/first-bytes.ts";
import { pictureAnswer, readAnswer, textAnswer } from "../outside/program-answer.ts";
import { type ParentAsset, programRequest } from "../outside/program-request.ts";
import { checkProgramConfig, seconds } from "../outside/settings.ts";
import { AnswerTooLargeError, type PostAnswer, post } from "./post.ts";
import type { HttpSettings } from "./settings.ts";

export interface HttpGeneratorDeps {
  readonly name: string;
  readonly settings: HttpSettings;
  /** Where receivers reach the API. */
  readonly origin: () => string;
}

/** 408 Request Timeout, 425 Too Early, 429 Too Many Requests: what a later attempt may find otherwise. */
const RETRY_STATUSES = [408, 425, 429];

/**
 * A service of the operator's that each job is sent to. It answers with the candidate, or with 202, and then with
 * `completeJob` before the lease ends.
 */
export function httpGenerator({ name, settings, origin }: HttpGeneratorDeps): Generator {
  const who = `The service of "${name}" at ${new URL(settings.url).host}`;
  return {
    name,
    media: settings.media,
    concurrency: settings.concurrency,
    checkConfig: (config) => checkProgramConfig(name, settings.step_settings, config),
    check: (signal) => listens(settings.url, who, signal),
    async generate(request, context) {
      const body = JSON.stringify({
        ...programRequest(request, await parentAsset(request.parent, settings, origin())),
        generator: name,
        callback: settings.callback ? await callback(settings, context, origin()) : null,
      });
      // The same for a request that is sent again because a worker was killed: a receiver may know it by that.
      const id = context.externalId ?? `job_${randomUUID()}`;
      if (context.externalId === null) await context.saveExternalId(id);
      const answer = await post(settings.url, {
        body,
        headers: { ...lowerCase(settings.headers), ...signed(settings.secret, id, body) },
        timeoutMs: seconds(settings.timeout) * 1_000,
        maxAnswerBytes: Math.floor(settings.max_answer_mb * 1024 * 1024),
        signal: context.signal,
      }).catch((error: unknown) => {
        context.signal.throwIfAborted();
        throw explain(error, who, settings);
      });
      return await read(answer, who, settings);
    },
  };
}

/** A lease is from before the request, so that an answer cannot come too early. */
async function callback(settings: HttpSettings, { lease }: GenerateContext, origin: string) {
  // A lease that ended while the request is under way would give the job to somebody else.
  const { token, expiresAt } = await lease(Math.max(seconds(settings.lease), seconds(settings.timeout) + 30));
  return { url: `${origin}/graphql`, leaseToken: token, leaseExpiresAt: expiresAt.toISOString() };
}

function signed(secret: string, id: string, body: string): { [name: string]: string } {
  const now = new Date();
  return {
    "content-type": "application/json",
    "user-agent": "Sluice-Jobs/1",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
    "webhook-signature": new Webhook(secret).sign(id, now, body),
  };
}

/** So that no header of the operator's comes beside one of ours. */
function lowerCase(headers: { readonly [name: string]: string }): { [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

async function parentAsset(
  parent: ParentCandidate | null,
  { parent_image }: HttpSettings,
  origin: string,
): Promise<ParentAsset | null> {
  if (!parent?.asset) return null;
  const { mediaType } = parent.asset;
  const bytes = await parent.asset.bytes();
  if (parent_image === "base64") return { mediaType, base64: Buffer.from(bytes).toString("base64") };
  return { mediaType, url: `${origin}/assets/${createHash("sha256").update(bytes).digest("hex")}` };
}

/** @throws GeneratorError for every answer but a candidate or 202 */
async function read(answer: PostAnswer, who: string, settings: HttpSettings): Promise<Generated | "later"> {
  const { status, mediaType, body } = answer;
  if (status === 202) {
    if (settings.callback) return "later";
    throw new GeneratorError(`${who} answered 202, to send the candidate later. Set "callback: true" for that.`, {
      retryable: false,
    });
  }
  if (status >= 200 && status < 300) {
    if (mediaType.startsWith("image/") || mediaType === "application/octet-stream") {
      if (settings.media === "image") return pictureAnswer(body, who);
      throw new GeneratorError(`${who} sent a picture; it is to make texts.`, { retryable: false });
    }
    if (mediaType === "text/plain" && settings.media === "text") return textAnswer(body, who);
    return await readAnswer(body, { who, media: settings.media });
  }
  if (status >= 300 && status < 400) {
    throw new GeneratorError(`${who} answered ${status}, a redirect. Sluice follows none: enter the final address.`, {
      retryable: false,
    });
  }
  const said = body.byteLength > 0 ? ` It said ${firstBytes(body)}.` : "";
  throw new GeneratorError(`${who} answered ${status}.${said}`, {
    retryable: status >= 500 || RETRY_STATUSES.includes(status),
  });
}

function explain(error: unknown, who: string, { timeout, max_answer_mb }: HttpSettings): GeneratorError {
  if (error instanceof AnswerTooLargeError) {
    return new GeneratorError(`${who} answered with more than ${max_answer_mb} MB.`, { retryable: false });
  }
  const { name, code } = error as NodeJS.ErrnoException;
  const message =
    name === "TimeoutError"
      ? `${who} did not answer within ${seconds(timeout)} s.`
      : `${who} cannot be reached (${code ?? (error as Error).message}).`;
  return new GeneratorError(message, { retryable: true, cause: error });
}

/** Whether anything listens there. A job is no way to try that. */
async function listens(url: string, who: string, signal: AbortSignal): Promise<GeneratorHealth> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return await new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) || (protocol === "https:" ? 443 : 80), signal, timeout: 5_000 });
    const end = (ok: boolean, detail: string): void => {
      socket.destroy();
      resolve({ ok, detail });
    };
    socket.once("connect", () => end(true, `${who} takes connections.`));
    socket.once("timeout", () => end(false, `${who} does not take a connection. Start it, or correct "url".`));
    socket.once("error", (error: NodeJS.ErrnoException) =>
      end(false, `${who} cannot be reached (${error.code ?? error.name}). Start it, or correct "url".`),
    );
  });
}
