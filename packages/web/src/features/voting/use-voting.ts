import { useEffect, useEffectEvent, useReducer, useRef } from "react";
import { useClient } from "urql";
import { largeImageOf } from "../../components/candidate-media.tsx";
import type { NextPairQuery, VoteOutcome } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf, wordsForError } from "../../lib/errors.ts";
import {
  mayUndo,
  mayVote,
  type PairLike,
  reduceSession,
  type Session,
  type SessionAction,
  samePair,
  startSession,
} from "./session.ts";

const NextPairDocument = graphql(`
  query NextPair($stepId: ID!) {
    node(id: $stepId) {
      __typename
      ... on RunStep {
        id
        nextPair {
          left {
            id
            ...CandidateMedia_Candidate
          }
          right {
            id
            ...CandidateMedia_Candidate
          }
        }
      }
    }
  }
`);

const CastVoteMutation = graphql(`
  mutation CastVote($input: CastVoteInput!) {
    castVote(input: $input) {
      __typename
      ... on CastVoteSuccess {
        vote {
          id
        }
        step {
          id
          ...VotingStep_Step
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

const UndoVoteMutation = graphql(`
  mutation UndoVote($input: UndoVoteInput!) {
    undoVote(input: $input) {
      __typename
      ... on UndoVoteSuccess {
        step {
          id
          ...VotingStep_Step
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

type PairData = NonNullable<Extract<NextPairQuery["node"], { __typename: "RunStep" }>["nextPair"]>;
export type VotingPair = PairLike & PairData;
type Fetched = { readonly pair: VotingPair | undefined; readonly words?: string };

/**
 * Judging one step's pairs, one after the other. Pairs are held here and not read from the cache: the pair after
 * this one is fetched while this one is looked at, and must not replace it on the screen.
 */
export function useVoting(stepId: string) {
  const client = useClient();
  const [session, dispatch] = useReducer(
    reduceSession as (state: Session<VotingPair>, action: SessionAction<VotingPair>) => Session<VotingPair>,
    undefined,
    () => startSession<VotingPair>(),
  );
  const ahead = useRef<VotingPair>(undefined);
  // State is a render behind: two presses in one frame must not become two votes.
  const busy = useRef(false);

  const fetchPair = async (): Promise<Fetched> => {
    const { data, error } = await client
      .query(NextPairDocument, { stepId }, { requestPolicy: "network-only" })
      .toPromise();
    if (data?.node?.__typename !== "RunStep")
      return { pair: undefined, words: error ? wordsForError(error) : "There is no such step." };
    const { nextPair } = data.node;
    return { pair: nextPair ? { ...nextPair, leftId: nextPair.left.id, rightId: nextPair.right.id } : undefined };
  };

  const lookAhead = async (shown: VotingPair) => {
    const { pair } = await fetchPair();
    // The server may well propose the pair on the screen again, since it has not been judged yet.
    if (!pair || samePair(pair, shown)) return;
    ahead.current = pair;
    preload(pair);
  };

  const next = async () => {
    const prepared = ahead.current;
    ahead.current = undefined;
    const { pair, words } = prepared ? { pair: prepared } : await fetchPair();
    if (words !== undefined) return dispatch({ type: "failed", words });
    dispatch({ type: "pair", pair });
    if (pair) void lookAhead(pair);
  };

  const vote = async (outcome: VoteOutcome) => {
    const { pair } = session;
    if (!pair || busy.current || !mayVote(session, outcome)) return;
    busy.current = true;
    dispatch({ type: "submit", outcome });
    const input = { leftId: pair.leftId, rightId: pair.rightId, outcome };
    const answer = outcomeOf(
      await client.mutation(CastVoteMutation, { input }).toPromise(),
      (data) => data.castVote,
      "CastVoteSuccess",
    );
    if (answer.ok) {
      dispatch({ type: "voted", voteId: answer.value.vote.id });
      await next();
    } else {
      dispatch({ type: "refused", words: answer.words });
      // The pair is not to be judged any more (judged in another tab, or one of the two was rejected): go on.
      const kind = answer.refusal?.__typename;
      if (kind === "DuplicateVoteError" || kind === "InvalidInputError" || kind === "NotFoundError") await next();
    }
    busy.current = false;
  };

  const undo = async () => {
    const last = session.past.at(-1);
    if (!last || busy.current || !mayUndo(session)) return;
    busy.current = true;
    dispatch({ type: "undo" });
    const input = { voteId: last.voteId };
    const answer = outcomeOf(
      await client.mutation(UndoVoteMutation, { input }).toPromise(),
      (data) => data.undoVote,
      "UndoVoteSuccess",
    );
    if (answer.ok) {
      ahead.current = undefined;
      dispatch({ type: "undone" });
    } else dispatch({ type: "refused", words: answer.words });
    busy.current = false;
  };

  const restart = () => {
    dispatch({ type: "load" });
    ahead.current = undefined;
    void next();
  };
  const onStart = useEffectEvent(restart);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another step is another session.
  useEffect(() => onStart(), [stepId]);

  return {
    session,
    vote,
    undo,
    restart,
    onMedia: (candidateId: string, state: "ready" | "failed") => dispatch({ type: "media", candidateId, state }),
  };
}

function preload(pair: VotingPair): void {
  for (const candidate of [pair.left, pair.right]) {
    const address = largeImageOf(candidate);
    if (address !== undefined) new Image().src = address;
  }
}
