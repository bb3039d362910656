import { useEffect, useEffectEvent, useRef, useState } from "react";
import { type CombinedError, useClient, useSubscription } from "urql";
import type { ApprovalPreviewLiveSubscription } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { useOnReconnect } from "../../lib/connection-state.ts";

export const ApprovalPreviewFragment = graphql(`
  fragment ApprovalPreview_Preview on ApprovalPreview {
    topK
    rankingVersion
    advancingCount
    canApprove
    blockers
    warnings
    unmet
    needsOverride
    requiredSignOffs
    signOffs
    mayDecide
    reason
    jobsToCreate
    topKConfidence
    confidenceLabel
    cutPair {
      inside {
        id
      }
      outside {
        id
      }
      chanceInsideIsBetter
    }
    ranked {
      rank
      willAdvance
      plusMinus
      chanceInTopK
      candidate {
        id
        elo
        voteCount
        text
        ...CandidateLabel_Candidate
        ...CandidateMedia_Candidate
      }
    }
  }
`);

const ApprovalPreviewSubscription = graphql(`
  subscription ApprovalPreviewLive($stepId: ID!, $topK: Int) {
    approvalPreview(stepId: $stepId, topK: $topK) {
      rankingVersion
      ...ApprovalPreview_Preview
    }
  }
`);

const ApprovalPreviewQuery = graphql(`
  query ApprovalPreviewNow($stepId: ID!, $topK: Int) {
    node(id: $stepId) {
      __typename
      ... on RunStep {
        id
        approvalPreview(topK: $topK) {
          rankingVersion
          ...ApprovalPreview_Preview
        }
      }
    }
  }
`);

export type PreviewRef = ApprovalPreviewLiveSubscription["approvalPreview"];

/**
 * The live preview of a step for one K. While a new K is on its way the last preview stays, so that nothing
 * flickers: compare its `topK`. `reload` asks once over HTTP: at the start, when the live connection may still be
 * opening, while there is none to be had, and when the server says that what is shown is out of date.
 */
export function usePreview(stepId: string, topK: number) {
  const client = useClient();
  const [live] = useSubscription({ query: ApprovalPreviewSubscription, variables: { stepId, topK } });
  const [latest, setLatest] = useState<PreviewRef>();
  const [seen, setSeen] = useState<PreviewRef>();
  const [failure, setFailure] = useState<CombinedError>();
  const wanted = useRef(topK);
  useEffect(() => {
    wanted.current = topK;
  }, [topK]);

  const fromLive = live.data?.approvalPreview;
  if (fromLive !== undefined && fromLive !== seen) {
    setSeen(fromLive);
    setLatest(fromLive);
  }

  const reload = () => {
    void client
      .query(ApprovalPreviewQuery, { stepId, topK }, { requestPolicy: "network-only" })
      .toPromise()
      .then(({ data, error }) => {
        const askedFor = topK === wanted.current;
        if (askedFor) setFailure(error);
        if (data?.node?.__typename !== "RunStep") return;
        const { approvalPreview } = data.node;
        setLatest((shown) => (isWorthShowing(approvalPreview, shown, askedFor) ? approvalPreview : shown));
      });
  };
  const onStart = useEffectEvent(reload);
  useEffect(() => onStart(), []);
  useOnReconnect(reload);

  return { preview: latest, error: live.error ?? failure, reload };
}

interface OfRanking {
  readonly rankingVersion: number;
}

/**
 * Whether an answer takes the place of what is shown: not where it is about an older ranking, nor where another K was
 * chosen while it was on its way. Anything is better than nothing.
 */
export function isWorthShowing(answer: OfRanking, shown: OfRanking | undefined, askedFor: boolean): boolean {
  return shown === undefined || (askedFor && answer.rankingVersion >= shown.rankingVersion);
}
