import type { Client, CombinedError } from "urql";
import type { NextPairQuery } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf, wordsForError } from "../../lib/errors.ts";
import { isUnauthenticated } from "../../lib/sign-in.ts";
import { requestOptions } from "../../lib/signed-in-as.ts";
import type { CastAnswer, OutVote, TakeBackAnswer } from "./outbox.ts";
import type { PairLike } from "./session.ts";
import { standsInWords, turned } from "./standing-vote.ts";

const NextPairDocument = graphql(`
  query NextPair($stepId: ID!, $besides: [ID!]!) {
    node(id: $stepId) {
      __typename
      ... on RunStep {
        id
        nextPair(besides: $besides) {
          left {
            id
            ...VoteCandidate_Candidate
          }
          right {
            id
            ...VoteCandidate_Candidate
          }
        }
      }
    }
  }
`);

const ChosenPairDocument = graphql(`
  query ChosenPair($left: ID!, $right: ID!) {
    left: node(id: $left) {
      __typename
      ... on Candidate {
        id
        ...VoteCandidate_Candidate
      }
    }
    right: node(id: $right) {
      __typename
      ... on Candidate {
        id
        ...VoteCandidate_Candidate
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
      ... on DuplicateVoteError {
        voteId
      }
      ... on Error {
        message
      }
    }
  }
`);

const StandingVoteDocument = graphql(`
  query StandingVote($voteId: ID!) {
    node(id: $voteId) {
      __typename
      ... on Vote {
        id
        outcome
        left {
          id
        }
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

type Asked =
  | { readonly ok: true; readonly pair: VotingPair | undefined }
  | { readonly ok: false; readonly words: string };

/** Whatever page is left meanwhile, the browser sends this to the end. */
const LASTING = { fetchOptions: () => ({ ...requestOptions(), keepalive: true }) };

/** The pair to judge next, of which at least one candidate is none of `besides`; undefined where there is none. */
export async function askNextPair(client: Client, stepId: string, besides: readonly string[]): Promise<Asked> {
  const variables = { stepId, besides: [...besides] };
  const { data, error } = await client
    .query(NextPairDocument, variables, { requestPolicy: "network-only" })
    .toPromise();
  if (data?.node?.__typename !== "RunStep") {
    return { ok: false, words: error ? wordsForError(error) : "There is no such step." };
  }
  const { nextPair } = data.node;
  return { ok: true, pair: nextPair ? asPair(nextPair) : undefined };
}

/** Two candidates that somebody wants to compare; undefined where they are not there. */
export async function askPair(client: Client, left: string, right: string): Promise<VotingPair | undefined> {
  const { data } = await client.query(ChosenPairDocument, { left, right }).toPromise();
  if (data?.left?.__typename !== "Candidate" || data.right?.__typename !== "Candidate") return undefined;
  return asPair({ left: data.left, right: data.right } as PairData);
}

export async function castVote(client: Client, vote: OutVote<PairLike>): Promise<CastAnswer> {
  const { pair, outcome } = vote;
  const input = { leftId: pair.leftId, rightId: pair.rightId, outcome };
  const answer = await client.mutation(CastVoteMutation, { input }, LASTING).toPromise();
  if (isNotHeard(answer.error)) return { kind: "unreachable" };
  const result = outcomeOf(answer, (data) => data.castVote, "CastVoteSuccess");
  if (result.ok) return { kind: "cast", voteId: result.value.vote.id };
  const { refusal, words } = result;
  if (refusal?.__typename === "DuplicateVoteError") return await judgedBefore(client, refusal.voteId, vote);
  const over = refusal?.__typename === "StepClosedError";
  // One of the two is gone or was rejected: nobody can judge this pair any more.
  const gone = refusal?.__typename === "InvalidInputError" || refusal?.__typename === "NotFoundError";
  return { kind: "refused", words, showAgain: !gone, over };
}

/** A session that has ended is no refusal either: the vote is kept for when its voter is back. */
function isNotHeard(error: CombinedError | undefined): boolean {
  return error !== undefined && (error.networkError !== undefined || isUnauthenticated(error));
}

export async function takeVoteBack(client: Client, voteId: string): Promise<TakeBackAnswer> {
  const answer = await client.mutation(UndoVoteMutation, { input: { voteId } }, LASTING).toPromise();
  if (isNotHeard(answer.error)) return { kind: "unreachable" };
  const result = outcomeOf(answer, (data) => data.undoVote, "UndoVoteSuccess");
  // It was taken back before: an answer was lost.
  if (result.ok || result.refusal?.__typename === "NotFoundError") return { kind: "taken-back" };
  return { kind: "refused", words: result.words };
}

/** Which vote stands on a pair that was judged before, and what it says where that is something else. */
async function judgedBefore(client: Client, voteId: string, { pair, outcome }: OutVote<PairLike>): Promise<CastAnswer> {
  const { data, error } = await client
    .query(StandingVoteDocument, { voteId }, { requestPolicy: "network-only" })
    .toPromise();
  if (isNotHeard(error)) return { kind: "unreachable" };
  if (data?.node?.__typename !== "Vote") return { kind: "judged", voteId, words: undefined };
  const { left, outcome: given } = data.node;
  const stands = left.id === pair.leftId ? given : turned(given);
  return { kind: "judged", voteId, words: stands === outcome ? undefined : standsInWords(stands) };
}

function asPair(pair: PairData): VotingPair {
  return { ...pair, leftId: pair.left.id, rightId: pair.right.id };
}
