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

function cursorIn(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null || !("runEvents" in data)) return undefined;
  const batch = data.runEvents;
  if (typeof batch !== "object" || batch === null || !("cursor" in batch)) return undefined;
  return typeof batch.cursor === "string" ? batch.cursor : undefined;
}

/**
 * graphql-ws keeps the payload it was given and sends that same object again when it reconnects: with a plain
 * object the event stream would start over from the first cursor. `variables` is therefore a getter that answers
 * with the cursor of the last batch received. Subscriptions without a cursor pass through unchanged.
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
