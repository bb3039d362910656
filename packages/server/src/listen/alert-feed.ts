import { isBefore, parseAlertCursor } from "@sluice/engine";
import { ALERT_FIELDS, type ListenedAlert } from "./alert-line.ts";
import type { GraphqlFeed } from "./graphql-feed.ts";

/** One thing to tell, and how far a listener has come once it has told it. */
export interface Told {
  /** Null where there is nothing to tell but the place. */
  readonly alert: ListenedAlert | null;
  /** Null while going on from there would miss something. */
  readonly cursor: string | null;
}

/**
 * Every change of every alert behind a cursor, for ever. Without one: the alerts that are open now, oldest first, then
 * every change from now on.
 */
export async function* alertFeed(feed: GraphqlFeed, since: string | null): AsyncGenerator<Told, void> {
  const shown = new Map<string, string>();
  let after = since;
  if (after === null) {
    // The place first: what happens between the two questions is then in both answers, and told once.
    after = (await feed.ask<{ alertCursor: string }>("{ alertCursor }")).alertCursor;
    const { alerts } = await feed.ask<{ alerts: ListenedAlert[] }>(`{ alerts { ${ALERT_FIELDS} } }`);
    for (const alert of alerts.toReversed()) {
      shown.set(alert.id, alert.cursor);
      yield { alert, cursor: null };
    }
    yield { alert: null, cursor: after };
  }
  const changes = feed.follow<{ alertChanged: ListenedAlert }>(
    `subscription ($after: String) { alertChanged(after: $after) { ${ALERT_FIELDS} } }`,
    after,
    ({ alertChanged }) => alertChanged.cursor,
  );
  for await (const { alertChanged: alert } of changes) {
    const seen = shown.get(alert.id);
    const isNew = seen === undefined || isBefore(parseAlertCursor(seen), parseAlertCursor(alert.cursor));
    if (isNew) shown.delete(alert.id);
    yield { alert: isNew ? alert : null, cursor: alert.cursor };
  }
}
