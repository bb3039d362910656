/** What graphql-ws sends to start a subscription, and sends again after every reconnect. */
export interface SubscribePayload {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
}

export interface ResumableSubscription {
  readonly payload: SubscribePayload;
  /** Call with each result's `data`, before anybody else sees it. */
  readonly advance: (data: unknown) => void;
}

/** The subscriptions that go on behind a cursor, which each of their results carries. */
const RESUMABLE = ["runEvents", "alertChanged"] as const;

function cursorIn(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const results = data as Record<string, unknown>;
  for (const field of RESUMABLE) {
    const result = results[field];
    if (typeof result !== "object" || result === null || !("cursor" in result)) continue;
    if (typeof result.cursor === "string") return result.cursor;
  }
  return undefined;
}

/**
 * graphql-ws keeps the payload it was given and sends that same object again when it reconnects: with a plain
 * object the event stream would start over from the first cursor. `variables` is therefore a getter that answers
 * with the cursor of the last result received. Subscriptions without a cursor pass through unchanged.
 */
export function resumable(request: SubscribePayload): ResumableSubscription {
  let cursor: string | undefined;
  return {
    payload: {
      query: request.query,
      ...(request.operationName === undefined ? {} : { operationName: request.operationName }),
      get variables() {
        return cursor === undefined ? (request.variables ?? {}) : { ...request.variables, after: cursor };
      },
    },
    advance(data) {
      cursor = cursorIn(data) ?? cursor;
    },
  };
}
