import pg from "pg";
import { vi } from "vitest";

/** How many statements `work` needs: the fewest of three times, since that a key is used is noted now and then. */
export async function statementCount(work: () => Promise<unknown>): Promise<number> {
  const counts: number[] = [];
  for (let time = 0; time < 3; time++) counts.push((await statementsOf(work)).length);
  return Math.min(...counts);
}

/** Statements that are sent during `work` on connections of the API, which are those with a limit for statements. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const { query } = pg.Client.prototype;
  const spy = vi.spyOn(pg.Client.prototype, "query").mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const [first] = args as [string | { text?: string }];
    const { connectionParameters } = this as unknown as { connectionParameters: { statement_timeout?: unknown } };
    if (connectionParameters.statement_timeout) sent.push(typeof first === "string" ? first : (first.text ?? "?"));
    return (query as (...all: unknown[]) => never).apply(this, args);
  } as never);
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  return sent;
}
