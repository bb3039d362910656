import { type FragmentType, graphql, readFragment } from "../gql/generated/index.ts";
import { pathLabel } from "../lib/words.ts";

/** Three generations up: a label is unique within a step of pipelines of up to four steps, and nearly so beyond. */
export const CandidateLabel_CandidateFragment = graphql(`
  fragment CandidateLabel_Candidate on Candidate {
    id
    ordinal
    parent {
      id
      ordinal
      parent {
        id
        ordinal
        parent {
          id
          ordinal
        }
      }
    }
  }
`);

/** How a candidate is called where there is no room for its picture: its place in the family, "2.1.3". */
export function candidateLabel(ref: FragmentType<typeof CandidateLabel_CandidateFragment>): string {
  return pathLabel(readFragment(CandidateLabel_CandidateFragment, ref));
}
