import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";

const VoteMade_CandidateFragment = graphql(`
  fragment VoteMade_Candidate on Candidate {
    id
    text
    assets {
      sha256
      mediaType
      width
      height
      url
      thumbUrl: previewUrl(width: 320)
      largeUrl: previewUrl(width: 1280)
    }
  }
`);

/** All that voting knows of a candidate. No rating, label, generator or model: what is not read cannot be told (V4). */
const VoteCandidate_CandidateFragment = graphql(`
  fragment VoteCandidate_Candidate on Candidate {
    id
    ...VoteMade_Candidate
    parent {
      id
      ...VoteMade_Candidate
    }
  }
`);

export type VoteCandidateRef = FragmentType<typeof VoteCandidate_CandidateFragment>;

export interface Picture {
  readonly sha256: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly url: string;
  readonly largeUrl: string;
}

export function pictureOf<A extends { readonly mediaType: string }>(made: {
  readonly assets: readonly A[];
}): A | undefined {
  return made.assets.find(({ mediaType }) => mediaType.startsWith("image/"));
}

export function readVoteCandidate(ref: VoteCandidateRef) {
  const candidate = readFragment(VoteCandidate_CandidateFragment, ref);
  return {
    ...readFragment(VoteMade_CandidateFragment, candidate),
    parent: candidate.parent && readFragment(VoteMade_CandidateFragment, candidate.parent),
  };
}
