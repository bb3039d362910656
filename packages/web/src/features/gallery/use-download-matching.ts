import { useClient } from "urql";
import { toastFailed } from "../../components/toast.ts";
import type { CandidateFilter } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { wordsForError } from "../../lib/errors.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { filesLink, MOST_NAMED } from "./download-links.ts";
import { filtersSet, type GallerySearch } from "./gallery-search.ts";
import { PAGE } from "./use-gallery-list.ts";

const MatchingIdsDocument = graphql(`
  query MatchingIds($runId: ID!, $filter: CandidateFilter, $first: Int!, $after: String) {
    run(id: $runId) {
      id
      candidates(filter: $filter, first: $first, after: $after) {
        edges {
          cursor
          node {
            id
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

/** Downloads everything that matches a filter: its ids are read first, whether the gallery shows them already or not. */
export function useDownloadMatching(
  run: { readonly id: string; readonly number: number },
  search: GallerySearch,
  filter: CandidateFilter | undefined,
): () => Promise<void> {
  const client = useClient();
  const read = (after: string | null) =>
    client
      .query(
        MatchingIdsDocument,
        { runId: run.id, filter: filter ?? null, first: PAGE, after },
        { requestPolicy: "network-only" },
      )
      .toPromise();
  return async () => {
    // Steps and what advances the server knows by itself, however many they are.
    const { step, state, ...others } = search;
    if (filtersSet(others) === 0 && (state === undefined || state === "advancing")) {
      return download(filesLink({ runNumber: run.number, step, advancing: state === "advancing" }));
    }
    const ids: string[] = [];
    for (let after: string | null | undefined = null; after !== undefined; ) {
      const { data, error }: Awaited<ReturnType<typeof read>> = await read(after);
      if (!data?.run) return toastFailed(error ? wordsForError(error) : "There is no such run any more.");
      const { edges, pageInfo } = data.run.candidates;
      ids.push(...nodesOf({ edges }).map(({ id }) => id));
      if (ids.length > MOST_NAMED) return toastFailed(TOO_MANY);
      after = pageInfo.hasNextPage && pageInfo.endCursor ? pageInfo.endCursor : undefined;
    }
    download(filesLink({ runNumber: run.number, ids }));
  };
}

const TOO_MANY = `More than ${MOST_NAMED} candidates match. Narrow the filters down, or download a whole step or the run.`;

function download(href: string): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = "";
  link.click();
}
