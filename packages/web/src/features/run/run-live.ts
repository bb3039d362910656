import { useQuery } from "urql";
import type { RunEventsSubscription } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { useCoalesced } from "../../lib/use-coalesced.ts";
import { BURST_MS, useRunEvents } from "../../lib/use-run-events.ts";

const REFRESH_MS = 500;

const RunEventsDocument = graphql(`
  subscription RunEvents($runId: ID!, $after: String) {
    runEvents(runId: $runId, after: $after) {
      cursor
      hasMore
      events {
        __typename
        id
        seq
        type
        ... on RunChangedEvent {
          run {
            id
            ...RunHeader_Run
          }
        }
        ... on StepChangedEvent {
          step {
            id
            ...StepCard_Step
          }
        }
        ... on JobEvent {
          job {
            id
            ...JobNow_Job
          }
          step {
            id
            ...StepCard_Step
          }
        }
        ... on CandidateEvent {
          candidate {
            id
            ...CandidateTile_Candidate
            job {
              id
              status
            }
          }
          step {
            id
            candidateCount
            ...StepCard_Step
          }
        }
        ... on VoteEvent {
          step {
            id
            ...StepCard_Step
          }
          ...RatingsMoved_VoteEvent
        }
        ... on ApprovalEvent {
          approval {
            id
            status
            ...SignOffs_Approval
          }
          step {
            id
            ...StepCard_Step
          }
        }
        ... on AlertEvent {
          alert {
            id
            ...AlertCard_Alert
          }
        }
      }
    }
  }
`);

/** What events do not carry: why the run waits, its alerts, and the steps that a decision has just opened. */
const RunStateQuery = graphql(`
  query RunState($runId: ID!) {
    run(id: $runId) {
      id
      ...RunHeader_Run
      ...RunWaiting_Run
      steps {
        id
        ...StepCard_Step
      }
    }
  }
`);

export type RunEvent = RunEventsSubscription["runEvents"]["events"][number];

/** How long what an event does not carry may be out of date, in ms; undefined where it carries all. */
function patienceFor(event: RunEvent): number | undefined {
  if (event.type === "job_progressed") return undefined;
  const { __typename: type } = event;
  return type === "VoteEvent" || type === "CandidateEvent" || type === "JobEvent" ? BURST_MS : REFRESH_MS;
}

type RunLiveOptions = Omit<Parameters<typeof useRunEvents<RunEvent>>[1], "onBack">;

/** Keeps a run and its steps current. What their events do not carry is read again, the sooner the rarer they are. */
export function useRunLive({ runId, cursor, onEvents }: RunLiveOptions): void {
  const [, refetchState] = useQuery({ query: RunStateQuery, variables: { runId }, pause: true });
  const refresh = useCoalesced(() => refetchState({ requestPolicy: "network-only" }), REFRESH_MS);
  useRunEvents(RunEventsDocument, {
    runId,
    cursor,
    onBack: refresh,
    onEvents(events) {
      const patience = Math.min(...events.map((event) => patienceFor(event) ?? Number.POSITIVE_INFINITY));
      if (Number.isFinite(patience)) refresh(patience);
      onEvents(events);
    },
  });
}
