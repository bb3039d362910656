import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";

const RejectInGalleryMutation = graphql(`
  mutation RejectInGallery($input: RejectCandidateInput!) {
    rejectCandidate(input: $input) {
      __typename
      ... on RejectCandidateSuccess {
        candidate {
          id
          ...GalleryTile_Candidate
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

const RestoreCandidateMutation = graphql(`
  mutation RestoreCandidate($input: RestoreCandidateInput!) {
    restoreCandidate(input: $input) {
      __typename
      ... on RestoreCandidateSuccess {
        candidate {
          id
          ...GalleryTile_Candidate
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

/** What came of one candidate: undefined words where it was done. */
export interface EachResult {
  readonly id: string;
  readonly words: string | undefined;
}

export type EachAction = { readonly kind: "reject"; readonly replace: boolean } | { readonly kind: "restore" };

/**
 * Rejects or restores candidates one after the other: each of them is decided on, and may be refused, by itself. A refusal
 * does not stop the others.
 */
export function useEach() {
  const [, reject] = useMutation(RejectInGalleryMutation);
  const [, restore] = useMutation(RestoreCandidateMutation);
  const [working, setWorking] = useState(false);
  const [results, setResults] = useState<readonly EachResult[]>([]);

  const one = async (candidateId: string, action: EachAction): Promise<string | undefined> => {
    const outcome =
      action.kind === "reject"
        ? outcomeOf(
            await reject({ input: { candidateId, replace: action.replace } }),
            (data) => data.rejectCandidate,
            "RejectCandidateSuccess",
          )
        : outcomeOf(
            await restore({ input: { candidateId } }),
            (data) => data.restoreCandidate,
            "RestoreCandidateSuccess",
          );
    return outcome.ok ? undefined : outcome.words;
  };

  /** Resolves to what came of each. */
  const run = async (ids: readonly string[], action: EachAction): Promise<readonly EachResult[]> => {
    setWorking(true);
    const all: EachResult[] = [];
    for (const id of ids) {
      all.push({ id, words: await one(id, action) });
      setResults([...all]);
    }
    setWorking(false);
    return all;
  };
  return { run, working, results };
}
