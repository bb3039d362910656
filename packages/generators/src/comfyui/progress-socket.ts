import type { Preview } from "@sluice/engine";
import WebSocket from "ws";
import { previewIn } from "./preview-frame.ts";

export interface ProgressSocket extends Disposable {
  /** Resolves once events come, or it is clear that they do not for now. Never rejects. */
  readonly ready: Promise<void>;
}

export interface ProgressSocketOptions {
  /** Of the server, as in the settings. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whoever submits a job by this id is the only one to hear of it. */
  readonly clientId: string;
  readonly onEvent: (event: string, data: Readonly<Record<string, unknown>>) => void;
  readonly onPreview: (preview: Preview) => void;
  /** Once, when it first breaks. */
  readonly onTrouble: (why: string) => void;
}

const OPEN_WITHIN_MS = 5_000;
const RECONNECT_MS = 5_000;
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/**
 * What ComfyUI tells while it works. Nothing depends on it: events are lost whenever the socket is, and nobody sends
 * them again. It is opened anew until it is disposed.
 */
export function openProgressSocket(options: ProgressSocketOptions): ProgressSocket {
  const address = new URL(`${options.url.replace(/\/+$/, "")}/ws`);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  address.searchParams.set("clientId", options.clientId);
  const { promise: ready, resolve: settle } = Promise.withResolvers<void>();
  let socket: WebSocket | undefined;
  let timer: NodeJS.Timeout | undefined;
  let disposed = false;
  let troubled = false;

  const connect = (): void => {
    const opened = new WebSocket(address, {
      headers: options.headers,
      handshakeTimeout: OPEN_WITHIN_MS,
      maxPayload: MAX_FRAME_BYTES,
    });
    socket = opened;
    let why = "it was closed";
    // The server sends its status at once: from there on it knows whom to tell.
    opened.once("message", settle);
    opened.on("message", (data, isBinary) => {
      if (disposed) return;
      const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]);
      if (isBinary) {
        const preview = previewIn(bytes);
        if (preview) options.onPreview(preview);
      } else {
        const message = readMessage(bytes.toString("utf8"));
        if (message) options.onEvent(message.type, message.data);
      }
    });
    opened.on("error", (error) => {
      why = error.message;
    });
    opened.once("close", () => {
      settle();
      if (disposed) return;
      if (!troubled) options.onTrouble(why);
      troubled = true;
      timer = setTimeout(connect, RECONNECT_MS);
    });
  };
  connect();
  const patience = setTimeout(settle, OPEN_WITHIN_MS);
  void ready.then(() => clearTimeout(patience));
  return {
    ready,
    [Symbol.dispose]() {
      disposed = true;
      clearTimeout(timer);
      settle();
      socket?.terminate();
    },
  };
}

function readMessage(text: string): { type: string; data: Readonly<Record<string, unknown>> } | undefined {
  try {
    const { type, data } = JSON.parse(text) as Record<string, unknown>;
    if (typeof type !== "string" || typeof data !== "object" || data === null) return undefined;
    return { type, data: data as Record<string, unknown> };
  } catch {
    // Custom nodes send what they like.
    return undefined;
  }
}
