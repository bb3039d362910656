import type { CombinedError, Exchange } from "urql";
import { map, pipe, tap } from "wonka";

/**
 * What a page shows stays while it cannot be read again: urql answers a failed request without the data of the one
 * before, and a page that has typed text or a selection would come down with it. The error is handed on. It goes before
 * the cache; the last answer is forgotten when nobody shows it any more, or may not see it now.
 */
export const keepLastExchange: Exchange =
  ({ forward }) =>
  (operations) => {
    const last = new Map<number, unknown>();
    const shown = new Set<number>();
    return pipe(
      operations,
      tap(({ kind, key }) => {
        if (kind === "query") shown.add(key);
        if (kind !== "teardown") return;
        shown.delete(key);
        // What is read again is given up first, and asked for at once.
        queueMicrotask(() => shown.has(key) || last.delete(key));
      }),
      forward,
      map((result) => {
        const { operation, error } = result;
        if (operation.kind !== "query") return result;
        if (error && !isRefusal(error) && last.has(operation.key)) {
          return { ...result, data: last.get(operation.key) };
        }
        last.set(operation.key, result.data);
        return result;
      }),
    );
  };

const REFUSALS: ReadonlySet<unknown> = new Set(["FORBIDDEN", "UNAUTHENTICATED"]);

function isRefusal({ graphQLErrors }: CombinedError): boolean {
  return graphQLErrors.some(({ extensions }) => REFUSALS.has(extensions?.code));
}
