import { useState } from "react";
import { useMutation } from "urql";
import type { DecideApprovalsMutation, GateDecision } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";

const DecideApprovalsDocument = graphql(`
  mutation DecideApprovals($input: DecideApprovalsInput!) {
    decideApprovals(input: $input) {
      __typename
      ... on DecideApprovalsSuccess {
        results {
          approvalId
          outcome
          approval {
            id
            status
            ...InboxRow_Approval
          }
          error {
            __typename
            message
            ... on PolicyUnmetError {
              unmet
            }
          }
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

type Success = Extract<DecideApprovalsMutation["decideApprovals"], { __typename: "DecideApprovalsSuccess" }>;
export type BulkResult = Success["results"][number];

interface Bulk {
  readonly approvalIds: readonly string[];
  readonly decision: GateDecision;
  readonly comment: string;
}

/** One decision about several gates: each is decided for itself, and says for itself what came of it. */
export function useBulk() {
  const [{ fetching }, send] = useMutation(DecideApprovalsDocument);
  const [results, setResults] = useState<readonly BulkResult[]>();
  const [words, setWords] = useState<string>();

  const decide = async ({ approvalIds, decision, comment }: Bulk): Promise<readonly BulkResult[] | undefined> => {
    setWords(undefined);
    const trimmed = comment.trim();
    const decisions = approvalIds.map((approvalId) => ({
      approvalId,
      decision,
      ...(trimmed === "" ? {} : { comment: trimmed }),
    }));
    const answer = await send({ input: { decisions } });
    const outcome = outcomeOf(answer, (data) => data.decideApprovals, "DecideApprovalsSuccess");
    if (!outcome.ok) {
      setWords(outcome.words);
      return undefined;
    }
    setResults(outcome.value.results);
    return outcome.value.results;
  };

  return { decide, results, words, working: fetching };
}
