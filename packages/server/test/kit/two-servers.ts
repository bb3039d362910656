import type { TokenOptions } from "./people.ts";
import { overWebSocket, type Reader } from "./readers.ts";
import { type ProcessKit, processKit, type ServerProcess, type ServerProcessOptions } from "./server-process.ts";

/** Two server processes on one database. The second makes the candidates too, unless told otherwise. */
export interface TwoServers extends ProcessKit {
  readonly servers: readonly [ServerProcess, ServerProcess];
  /** One or the other, in turns: for the n-th of many requests. */
  either(index: number): ServerProcess;
  /** An API key of somebody: an OWNER, unless told otherwise. */
  token(name: string, options?: TokenOptions): Promise<string>;
  /** Subscribes over a WebSocket. */
  follow<T>(server: ServerProcess, query: string, variables?: object, as?: string): Promise<Reader<T>>;
}

export async function twoServers(options: ServerProcessOptions = {}): Promise<TwoServers> {
  const { worker = "embedded", ...rest } = options;
  const kit = await processKit();
  // One after the other: the first migrates.
  const first = await kit.server(rest);
  const servers = [first, await kit.server({ ...rest, worker })] as const;
  const token = (name = "ada", wish: TokenOptions = {}): Promise<string> => kit.people.token(name, wish);
  return {
    ...kit,
    servers,
    either: (index) => servers[index % 2] as ServerProcess,
    token,
    follow: ({ url }, query, variables = {}, as = "ada") => overWebSocket({ url, token }, query, variables, { as }),
  };
}

/**
 * Causes what a subscription tells of, again and again until it tells: from then on it is sure to hear of everything.
 */
export async function untilHeard<T>(reader: Reader<T>, cause: () => Promise<unknown>): Promise<void> {
  let over = false;
  const first = reader.next().finally(() => {
    over = true;
  });
  first.catch(() => {});
  while (!over) await cause();
  await first;
}
