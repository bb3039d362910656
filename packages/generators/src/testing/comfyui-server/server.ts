import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { execute, type NodeFailure } from "./execute.ts";
import { upload, view } from "./file-routes.ts";
import { type Files, files } from "./files.ts";
import type { Graph } from "./graph.ts";
import { bodyOf, type CannedAnswer, give, json } from "./http-answers.ts";
import { objectInfo } from "./node-classes.ts";
import { type PromptQueue, promptQueue, type QueuedPrompt, queueItem } from "./prompt-queue.ts";
import { picture, save } from "./save-output.ts";
import { type Sockets, sockets } from "./sockets.ts";
import { validate } from "./validate.ts";

export interface ComfyServerOptions {
  /** Decides what the API can do; 0.30.0 where it is left out. */
  readonly version?: string;
  /** Milliseconds per step of the sampler; 2 where it is left out. */
  readonly stepMs?: number;
  /** Any that is free where it is left out. */
  readonly port?: number;
}

export interface Submitted {
  readonly id: string;
  readonly clientId: unknown;
  readonly graph: Graph;
}

/** A server that behaves as ComfyUI does; README.md says in what. */
export interface ComfyServer extends AsyncDisposable {
  readonly url: string;
  /** Everything that was asked, such as `POST /prompt`. */
  readonly requests: readonly string[];
  /** Jobs that were taken. */
  readonly submitted: readonly Submitted[];
  readonly queue: PromptQueue;
  readonly files: Files;
  readonly sockets: Sockets;
  /** Lets samplers stop half-way until `release`. */
  hold(): void;
  release(): void;
  /** Resolves once so many jobs wait at a held sampler, or have waited there. */
  held(count?: number): Promise<void>;
  /** How many that are so far. */
  readonly heldJobs: number;
  /** The next sampler that ends throws this. */
  failNext(failure: NodeFailure): void;
  /** Answers in the server's place, as a proxy might; `"cut"` ends the connection once the request was worked on. */
  answerInstead: ((method: string, path: string) => CannedAnswer | "cut" | undefined) | undefined;
  refuseSockets: boolean;
  /** Forgets what was queued, running and done, as a restart does, and comes back at the same address. */
  restart(): Promise<void>;
  /** Ends as a crash does; `restart` brings it back. */
  crash(): Promise<void>;
}

export async function startComfyServer({
  version = "0.30.0",
  stepMs = 2,
  port: wantedPort = 0,
}: ComfyServerOptions = {}): Promise<ComfyServer> {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const since = (wanted: number): boolean => major > 0 || minor >= wanted;
  const queue = promptQueue();
  const disk = files();
  const requests: string[] = [];
  const submitted: Submitted[] = [];
  const cache = new Set<string>();
  let number = 0;
  let failure: NodeFailure | undefined;
  let interrupt = new AbortController();
  let working = false;
  let gate: PromiseWithResolvers<void> | undefined;
  let heldJobs = 0;
  let onHeld = (): void => {};

  const status = (): object => ({ exec_info: { queue_remaining: queue.waiting.length + (queue.running ? 1 : 0) } });
  const makeServer = (): { http: Server; sockets: Sockets } => {
    const http = createServer((request, response) => {
      respond(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
    return { http, sockets: sockets(http, status, () => comfy.refuseSockets) };
  };
  let server = makeServer();

  const clientOf = (prompt: QueuedPrompt): unknown => prompt.extraData.client_id;
  const work = async (): Promise<void> => {
    if (working) return;
    working = true;
    for (let prompt = queue.take(); prompt; prompt = queue.take()) {
      const current = prompt;
      interrupt = new AbortController();
      const entry = await execute({
        prompt,
        signal: interrupt.signal,
        cache,
        stepMs,
        gate: async (signal) => {
          if (!gate) return;
          heldJobs++;
          onHeld();
          const { promise, reject } = Promise.withResolvers<never>();
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
          await Promise.race([gate.promise, promise]);
        },
        send: (event, data) => server.sockets.send(clientOf(current), event, data),
        sendPreview: (graph, output) => server.sockets.sendPicture(clientOf(current), picture(disk, graph, output, 0)),
        broadcast: (event, data) => server.sockets.broadcast(event, data),
        save: (graph, output) => save(disk, graph, output),
        failure: () => {
          const thrown = failure;
          failure = undefined;
          return thrown;
        },
      });
      queue.done(prompt.id, entry);
      server.sockets.broadcast("status", { status: status() });
    }
    working = false;
  };

  const cancel = (id: string): boolean => {
    if (queue.running?.id === id) {
      interrupt.abort();
      return true;
    }
    return queue.remove(id);
  };

  const submit = (body: Record<string, unknown>): CannedAnswer => {
    const graph = body.prompt as Graph | undefined;
    if (!graph)
      return json(400, { error: { type: "no_prompt", message: "No prompt provided", details: "" }, node_errors: {} });
    const own = since(25) ? body.prompt_id : undefined;
    if (own !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(own))) {
      const error = {
        type: "invalid_prompt_id",
        message: "prompt_id must be a valid UUID",
        details: "",
        extra_info: {},
      };
      return json(400, { error, node_errors: {} });
    }
    const valid = validate(graph, (name) => disk.read("input", name) !== undefined);
    if ("error" in valid) return json(400, { error: valid.error, node_errors: valid.nodeErrors });
    const id = own === undefined ? crypto.randomUUID() : String(own);
    const extraData = {
      ...(body.extra_data as object),
      ...(body.client_id !== undefined && { client_id: body.client_id }),
    };
    queue.put({ number, id, graph, extraData, outputs: valid.outputs });
    submitted.push({ id, clientId: body.client_id, graph });
    void work();
    return json(200, { prompt_id: id, number: number++, node_errors: valid.nodeErrors });
  };

  const route = async (method: string, url: URL, request: IncomingMessage): Promise<CannedAnswer> => {
    const path = url.pathname.replace(/^\/api(?=\/)(?!\/jobs)/, "");
    const [, first = "", second = "", third = ""] = path.split("/").map(decodeURIComponent);
    const read = async (): Promise<Record<string, unknown>> => JSON.parse((await bodyOf(request)).toString() || "{}");
    switch (`${method} /${first}`) {
      case "GET /system_stats":
        return json(200, {
          system: { os: "linux", comfyui_version: version },
          devices: [{ name: "cpu", type: "cpu" }],
        });
      case "GET /object_info":
        return json(200, objectInfo(second));
      case "GET /history":
        return json(200, queue.history[second] ? { [second]: queue.history[second] } : {});
      case "GET /queue":
        return json(200, {
          queue_running: queue.running ? [queueItem(queue.running)] : [],
          queue_pending: queue.waiting.map(queueItem),
        });
      case "GET /view":
        return view(disk, url.searchParams);
      case "POST /prompt":
        return submit(await read());
      case "POST /queue": {
        for (const id of ((await read()).delete ?? []) as string[]) queue.remove(id);
        return { status: 200 };
      }
      case "POST /interrupt": {
        const { prompt_id } = await read();
        // An old server does not read which job is meant.
        if (!since(4) || prompt_id === undefined || queue.running?.id === prompt_id) interrupt.abort();
        return { status: 200 };
      }
      case "POST /free":
        return { status: 200 };
      case "POST /upload":
        return await upload(disk, request);
      case "POST /api":
        if (second === "jobs" && path.endsWith("/cancel") && since(26)) return json(200, { cancelled: cancel(third) });
        return { status: 404 };
      default:
        return { status: 404 };
    }
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET" } = request;
    const url = new URL(request.url ?? "/", "http://localhost");
    requests.push(`${method} ${url.pathname}`);
    const instead = comfy.answerInstead?.(method, url.pathname);
    if (instead !== undefined && instead !== "cut") return void give(response, instead);
    const answer = await route(method, url, request);
    if (instead === "cut") return void request.socket.destroy();
    give(response, answer);
  };

  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.http.once("error", reject);
      server.http.listen(port, "127.0.0.1", () => resolve());
    });
  await listen(wantedPort);
  const { port } = server.http.address() as AddressInfo;

  const comfy: ComfyServer = {
    url: `http://127.0.0.1:${port}`,
    requests,
    submitted,
    queue,
    files: disk,
    get sockets() {
      return server.sockets;
    },
    hold() {
      gate ??= Promise.withResolvers();
    },
    release() {
      gate?.resolve();
      gate = undefined;
    },
    get heldJobs() {
      return heldJobs;
    },
    held: (count = 1) =>
      new Promise((resolve) => {
        const look = (): void => void (heldJobs >= count && resolve());
        onHeld = look;
        look();
      }),
    failNext(thrown) {
      failure = thrown;
    },
    answerInstead: undefined,
    refuseSockets: false,
    async crash() {
      queue.forget();
      cache.clear();
      interrupt.abort();
      server.sockets.closeAll();
      const closed = new Promise<void>((resolve) => server.http.close(() => resolve()));
      server.http.closeAllConnections();
      await closed;
    },
    async restart() {
      if (server.http.listening) await comfy.crash();
      server = makeServer();
      await listen(port);
    },
    async [Symbol.asyncDispose]() {
      comfy.release();
      if (server.http.listening) await comfy.crash();
    },
  };
  return comfy;
}
