import type { LineageQuery as LineageResult } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";

/** Without texts: a thousand of them may be megabytes, and few of them are on the screen. */
export const LineageQuery = graphql(`
  query Lineage($runId: ID!) {
    run(id: $runId) {
      id
      number
      name
      status
      eventCursor
      steps {
        id
        position
        name
        status
        statusLabel
      }
      lineage {
        id
        ...LineageCandidate
      }
    }
  }
`);

export const LineageCandidateFragment = graphql(`
  fragment LineageCandidate on Candidate {
    id
    ordinal
    round
    status
    advancement
    elo
    voteCount
    parent {
      id
    }
    step {
      id
    }
    assets {
      sha256
      mediaType
      thumbUrl: previewUrl(width: 160)
    }
  }
`);

/** What changes the tree, or what is written in it. */
export const LineageEventsDocument = graphql(`
  subscription LineageEvents($runId: ID!, $after: String) {
    runEvents(runId: $runId, after: $after) {
      cursor
      hasMore
      events {
        __typename
        id
        seq
        ...RatingsMoved_VoteEvent
        ... on CandidateEvent {
          candidate {
            id
            ...LineageCandidate
          }
        }
      }
    }
  }
`);

export type LineageRun = NonNullable<LineageResult["run"]>;
