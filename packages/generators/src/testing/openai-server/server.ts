import { EventEmitter, on } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { OpenAiAnswer, OpenAiRequest } from "./answers.ts";
import { readRequest } from "./read-request.ts";
import { sendAnswer } from "./send-answer.ts";

/**
 * An endpoint that speaks OpenAI's API as Ollama, llama.cpp, vLLM and LocalAI do: `/v1/chat/completions` (whole or
 * streamed), `/v1/images/generations`, `/v1/images/edits` and `/v1/models`, on a real socket of this machine.
 */
export interface OpenAiServer extends AsyncDisposable {
  /** What `base_url` is set to. */
  readonly url: string;
  /** All that asked for an answer, oldest first; `/v1/models` is not among them. */
  readonly requests: readonly OpenAiRequest[];
  /** Answers the next requests, in this order, before `answer` of the options is asked. */
  next(...answers: readonly OpenAiAnswer[]): void;
  /** Resolves with the nth request (from 1), which may have come already. */
  request(nth: number): Promise<OpenAiRequest>;
}

export interface OpenAiServerOptions {
  /** Asked where nothing else is scripted; by default a short text, or an image of the smallest kind. */
  readonly answer?: (request: OpenAiRequest) => OpenAiAnswer | Promise<OpenAiAnswer>;
  /** What callers have to show. Without one, nobody is asked for a key. */
  readonly apiKey?: string;
  /** What `/v1/models` lists; null: the server does not know that route, as some do not. */
  readonly models?: readonly string[] | null;
  /** Files under other paths, such as images that an answer names by address. */
  readonly files?: Readonly<Record<string, OpenAiAnswer | Uint8Array>>;
}

const ANSWERED = ["/v1/chat/completions", "/v1/images/generations", "/v1/images/edits"];

export async function openAiServer(options: OpenAiServerOptions = {}): Promise<OpenAiServer> {
  const requests: OpenAiRequest[] = [];
  const scripted: OpenAiAnswer[] = [];
  const news = new EventEmitter();
  const failures: unknown[] = [];
  let origin = "";

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = incoming.url ?? "";
    const plain = (answer: OpenAiAnswer) => sendAnswer(response, unread(path), answer, origin);
    const file = options.files?.[path];
    if (file instanceof Uint8Array) return void response.writeHead(200, { "content-type": "image/png" }).end(file);
    if (file) return await plain(file);
    if (options.apiKey && incoming.headers.authorization !== `Bearer ${options.apiKey}`) {
      const shown = incoming.headers.authorization ?? "none";
      return await plain({ status: 401, message: `Incorrect API key provided: ${shown}`, code: "invalid_api_key" });
    }
    if (path === "/v1/models" && options.models !== null) {
      const data = (options.models ?? ["tiny"]).map((id) => ({ id, object: "model" }));
      return await plain({ raw: JSON.stringify({ object: "list", data }) });
    }
    if (!ANSWERED.includes(path)) return await plain({ status: 404, message: `Unknown path ${path}` });
    const request = await readRequest(incoming, response);
    requests.push(request);
    news.emit("request");
    const answer = scripted.shift() ?? (await (options.answer ?? ordinaryAnswer)(request));
    await sendAnswer(response, request, answer, origin);
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      failures.push(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: `${origin}/v1`,
    requests,
    next: (...answers) => void scripted.push(...answers),
    async request(nth) {
      const came = on(news, "request");
      while (requests.length < nth) await came.next();
      await came.return?.();
      return requests[nth - 1]!;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      if (failures.length > 0) throw new AggregateError(failures, "The endpoint of this test failed.");
    },
  };
}

/** A PNG of one transparent pixel. */
export const tinyPng: Uint8Array = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

function ordinaryAnswer({ path }: OpenAiRequest): OpenAiAnswer {
  return path.startsWith("/v1/images/") ? { images: [{ bytes: tinyPng }] } : { text: ["It ", "rains."] };
}

function unread(path: string): OpenAiRequest {
  return { path, headers: {}, body: {}, files: [], told: "", hungUp: new Promise(() => {}) };
}
