import { graphql } from "../../gql/generated/index.ts";
import { ApprovalsSignal } from "../../lib/refresh-signal.ts";
import { useLiveQuery } from "../../lib/use-live-query.ts";

/** How many are listed before somebody asks for more. */
export const FIRST = 20;
/** The API's largest page. */
export const MOST = 100;

const InboxQuery = graphql(`
  query Inbox($mine: Boolean!, $first: Int!) {
    approvals(mineToDecide: $mine, first: $first) {
      totalCount
      edges {
        cursor
        node {
          id
          status
          mayDecide
          ...InboxRow_Approval
          ...BulkDialog_Approval
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`);

/**
 * Gates that wait for a person, what has stalled first. The count in the header and the list are one query: they
 * cannot disagree. Reads itself again whenever a gate opens or closes anywhere.
 */
export function useInbox({ mine, first = FIRST }: { readonly mine: boolean; readonly first?: number }) {
  return useLiveQuery({ query: InboxQuery, variables: { mine, first } }, ApprovalsSignal);
}
