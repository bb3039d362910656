import { useState } from "react";
import { useMutation } from "urql";
import { toastDone } from "../../components/toast.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { counted } from "../../lib/words.ts";

const ApproveStepMutation = graphql(`
  mutation ApproveStep($input: ApproveStepInput!) {
    approveStep(input: $input) {
      __typename
      ... on ApproveStepSuccess {
        opened
        step {
          id
          statusLabel
          advancingCount
          candidateCount
          ...StepCard_Step
          ...ApprovalForm_Step
        }
        run {
          id
          ...RunHeader_Run
          steps {
            id
            ...StepCard_Step
          }
        }
      }
      ... on StaleRankingError {
        rankingVersion
      }
      ... on ApprovalFinalError {
        step {
          id
          ...StepCard_Step
          ...ApprovalForm_Step
        }
      }
      ... on StaleRoundError {
        round
      }
      ... on Error {
        message
      }
    }
  }
`);

export interface ApproveProblem {
  readonly title: string;
  readonly words: string;
  /** Set when the ranking shown was out of date: the version that has to be looked at before the next press. */
  readonly newVersion?: number;
}

interface UseApproveDeps {
  readonly step: { readonly id: string; readonly position: number; readonly round: number };
  /** What advances from it has won. */
  readonly lastStep: boolean;
  readonly onDone: () => void;
  /** One of several people has approved: the gate is still closed. */
  readonly onSignedOff: () => void;
  readonly onStale: () => void;
}

interface Choice {
  readonly topK: number;
  readonly comment: string;
  /** Of the ranking that was on the screen: the server refuses the approval if it has moved on. */
  readonly rankingVersion: number;
  /** Why not to wait for what the policy asks for; undefined where it asks for nothing more. */
  readonly overrideReason: string | undefined;
}

/** Sends the decision: "approve exactly what I saw". */
export function useApprove({ step, lastStep, onDone, onSignedOff, onStale }: UseApproveDeps) {
  const [{ fetching }, send] = useMutation(ApproveStepMutation);
  const [problem, setProblem] = useState<ApproveProblem>();

  const approve = async ({ topK, comment, rankingVersion, overrideReason }: Choice) => {
    setProblem(undefined);
    const trimmed = comment.trim();
    const input = {
      stepId: step.id,
      topK,
      rankingVersion,
      round: step.round,
      ...(trimmed === "" ? {} : { comment: trimmed }),
      ...(overrideReason === undefined ? {} : { overrideReason }),
    };
    const outcome = outcomeOf(await send({ input }), (data) => data.approveStep, "ApproveStepSuccess");
    if (outcome.ok && !outcome.value.opened) {
      // The dialog stays, and says it where one is looking: on the button and among the sign-offs.
      onSignedOff();
      return;
    }
    if (outcome.ok) {
      const { advancingCount, candidateCount } = outcome.value.step;
      const what = lastStep ? `win${advancingCount === 1 ? "s" : ""}` : `advance${advancingCount === 1 ? "s" : ""}`;
      toastDone(
        `Step ${step.position} is approved: ${advancingCount} of ${counted(candidateCount, "candidate")} ${what}.`,
      );
      onDone();
      return;
    }
    if (outcome.refusal?.__typename === "StaleRankingError") {
      setProblem({
        title: "The ranking changed while you were deciding",
        words: "Nothing was approved. The list now shows the new ranking: look at it, then press Approve again.",
        newVersion: outcome.refusal.rankingVersion,
      });
      onStale();
      return;
    }
    setProblem({ title: "The step was not approved", words: outcome.words });
  };

  return { approve, working: fetching, problem };
}
