import { setTimeout as delay } from "node:timers/promises";
import { Agent, type Dispatcher } from "undici";
import { publicLookup } from "./public-lookup.ts";

/** An answer that is larger than anything that is kept. */
export class AnswerTooLarge extends Error {
  override readonly name = "AnswerTooLarge";
}

/** An image of 32 MB, the most that is kept, as base64 in JSON. */
const MAX_ANSWER_BYTES = 48 * 1024 * 1024;
/** A longer pause is not waited for: the job fails, and the queue tries again later. */
const MAX_PAUSE_SECONDS = 120;

/** The connections for an address. */
export type Connections = (url: URL) => Dispatcher;

/**
 * Connections of one generator: to its API, wherever that is, and to hosts of the internet alone for what its answers
 * name. Node's own give an answer up that has not begun after 5 minutes, whatever the timeout of
 * the operator's; a large model on a small machine takes longer. Of the same major version as the one within Node.
 *
 * @param api where the API is
 */
export function patientConnections(api: string): Connections {
  const { origin } = new URL(api);
  const patient = { headersTimeout: 0, bodyTimeout: 0 };
  const toApi = new Agent(patient);
  const elsewhere = new Agent({ ...patient, connect: { lookup: publicLookup() } });
  return (url) => (url.origin === origin ? toApi : elsewhere);
}

export interface ApiFetchDeps {
  readonly connections: Connections;
  /** Of the attempt: its end, or its timeout. */
  readonly signal: AbortSignal;
  readonly onPause: (seconds: number) => void;
  readonly onResume: () => void;
  readonly maxBytes?: number;
}

/**
 * `fetch` for a provider's API and for the images it names by address. It reads no more than can be kept, and waits when
 * the provider says for how long (429 with `Retry-After`): a request that was not let in has cost nothing and is no
 * failure, so it does not spend the attempts of the job.
 */
export function apiFetch({
  connections,
  signal,
  onPause,
  onResume,
  maxBytes = MAX_ANSWER_BYTES,
}: ApiFetchDeps): typeof globalThis.fetch {
  return async (input, init) => {
    for (;;) {
      // Node's fetch takes a dispatcher; the types of browsers, which it has here, do not know it.
      const options: RequestInit & { dispatcher: Dispatcher } = {
        ...init,
        // A request to the API has the key, which must not go elsewhere; downloads say what they do themselves.
        redirect: init?.redirect ?? "manual",
        dispatcher: connections(new URL(input instanceof Request ? input.url : input)),
      };
      const response = await fetch(input, options);
      const pause = response.status === 429 ? pauseOf(response) : undefined;
      if (pause === undefined) return capped(response, maxBytes);
      await response.body?.cancel();
      onPause(pause);
      await delay(pause * 1_000, undefined, { signal });
      onResume();
    }
  };
}

/** Whole seconds, from 1; nothing where the provider does not say, or asks for too long a pause. */
function pauseOf({ headers }: Response): number | undefined {
  const said = headers.get("retry-after");
  if (said === null) return undefined;
  const seconds = /^\s*\d+(\.\d+)?\s*$/.test(said) ? Number(said) : (Date.parse(said) - Date.now()) / 1_000;
  if (!Number.isFinite(seconds) || seconds > MAX_PAUSE_SECONDS) return undefined;
  return Math.max(1, Math.ceil(seconds));
}

function capped(response: Response, maxBytes: number): Response {
  if (!response.body) return response;
  let bytes = 0;
  const body = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes > maxBytes) controller.error(new AnswerTooLarge(`The answer has more than ${maxBytes} bytes.`));
        else controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers } = response;
  const copy = new Response(body, { status, statusText, headers });
  // What downloads look at for redirects; a new response has none.
  Object.defineProperties(copy, { url: { value: response.url }, redirected: { value: response.redirected } });
  return copy;
}
