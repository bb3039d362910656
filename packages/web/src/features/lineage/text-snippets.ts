import { createContext, useContext, useEffect, useSyncExternalStore } from "react";
import type { Client } from "urql";
import { graphql } from "../../gql/generated/index.ts";
import { nodesOf } from "../../lib/nodes.ts";

const SnippetsQuery = graphql(`
  query LineageSnippets($runId: ID!, $ids: [ID!]!) {
    run(id: $runId) {
      id
      candidates(first: 100, filter: { ids: $ids }) {
        edges {
          cursor
          node {
            id
            text
          }
        }
      }
    }
  }
`);

/** So much of a text that it fills two lines of a small card. */
const MOST_CHARACTERS = 120;
/** The API's largest page. */
const MOST_AT_ONCE = 100;
const GATHER_MS = 60;

/** The first words of candidates that are text, read for those on the screen only, and many at once. */
export function createSnippets(load: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>) {
  const known = new Map<string, string>();
  const asked = new Set<string>();
  const listeners = new Set<() => void>();
  let waiting: string[] = [];

  const send = async (ids: readonly string[]) => {
    try {
      for (const [id, text] of await load(ids)) known.set(id, text);
    } catch {
      // Whoever comes into sight again asks again; without its words a card still has its label.
      for (const id of ids) asked.delete(id);
    }
    for (const listener of listeners) listener();
  };
  const flush = () => {
    const ids = waiting;
    waiting = [];
    for (let at = 0; at < ids.length; at += MOST_AT_ONCE) void send(ids.slice(at, at + MOST_AT_ONCE));
  };
  return {
    want(id: string) {
      if (asked.has(id)) return;
      asked.add(id);
      if (waiting.push(id) === 1) setTimeout(flush, GATHER_MS);
    },
    of: (id: string) => known.get(id),
    listen(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

type Snippets = ReturnType<typeof createSnippets>;

/** Reads from the server. */
export function snippetsOf(client: Client, runId: string): Snippets {
  return createSnippets(async (ids) => {
    const { data, error } = await client.query(SnippetsQuery, { runId, ids: [...ids] }).toPromise();
    if (error) throw error;
    const found = data?.run ? nodesOf(data.run.candidates) : [];
    return new Map(found.map(({ id, text }) => [id, (text ?? "").trim().slice(0, MOST_CHARACTERS)]));
  });
}

export const SnippetsContext = createContext<Snippets>(createSnippets(() => Promise.resolve(new Map())));

/** The first words of a candidate, once they are there. */
export function useSnippet(id: string): string | undefined {
  const snippets = useContext(SnippetsContext);
  useEffect(() => snippets.want(id), [snippets, id]);
  return useSyncExternalStore(snippets.listen, () => snippets.of(id));
}
