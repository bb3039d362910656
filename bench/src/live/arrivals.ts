import type { Client } from "graphql-ws";
import pg from "pg";

/** Tells when something came that reaches a number: a seq, a version, an id. */
export interface Arrivals {
  readonly name: string;
  /** `performance.now()` of the first value at or above it. */
  at(wanted: number): Promise<number>;
}

function arrivals(name: string) {
  let reached = Number.NEGATIVE_INFINITY;
  let when = 0;
  let waiting: { wanted: number; resolve: (at: number) => void } | undefined;
  const arrive = (value: number): void => {
    if (value <= reached) return;
    reached = value;
    when = performance.now();
    if (!waiting || reached < waiting.wanted) return;
    waiting.resolve(when);
    waiting = undefined;
  };
  const at = (wanted: number): Promise<number> =>
    reached >= wanted
      ? Promise.resolve(when)
      : new Promise((resolve) => {
          waiting = { wanted, resolve };
        });
  return { name, arrive, at };
}

/** What a WebSocket subscription delivers. */
export function pushed<T>(
  name: string,
  client: Client,
  query: string,
  variables: { readonly [name: string]: unknown },
  numberOf: (value: T) => number,
): Arrivals {
  const { arrive, ...told } = arrivals(name);
  client.subscribe<T>(
    { query, variables },
    {
      next: ({ data, errors }) => {
        if (errors || !data) throw new Error(JSON.stringify(errors));
        arrive(numberOf(data));
      },
      error: (error) => console.error(error),
      complete: () => {},
    },
  );
  return told;
}

/** The floor: a connection of its own that asks for the newest event again and again, without a pause. */
export async function polled(url: string, runId: number): Promise<Arrivals & AsyncDisposable> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { arrive, ...told } = arrivals("floor: raw poll without a pause");
  let ended = false;
  const poll = async (): Promise<void> => {
    while (!ended) {
      const { rows } = await client.query<{ seq: number | null }>({
        name: "newest",
        text: "SELECT max(seq) AS seq FROM run_events WHERE pipeline_run_id = $1",
        values: [runId],
      });
      arrive(rows[0]?.seq ?? 0);
    }
  };
  const polling = poll();
  return {
    ...told,
    async [Symbol.asyncDispose]() {
      ended = true;
      await polling;
      await client.end();
    },
  };
}
