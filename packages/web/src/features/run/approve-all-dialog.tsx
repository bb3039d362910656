import { NumberInput, Stack } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { toastDone } from "../../components/toast.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { problemOfK, type TypedNumber } from "../../lib/typed-number.ts";

export const ApproveAllDialog_RunFragment = graphql(`
  fragment ApproveAllDialog_Run on Run {
    id
    defaultTopK
  }
`);

const ApproveAllRemainingMutation = graphql(`
  mutation ApproveAllRemaining($input: ApproveAllRemainingInput!) {
    approveAllRemaining(input: $input) {
      __typename
      ... on ApproveAllRemainingSuccess {
        run {
          id
          ...RunHeader_Run
          steps {
            id
            ...StepCard_Step
          }
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

interface ApproveAllDialogProps {
  readonly run: FragmentType<typeof ApproveAllDialog_RunFragment>;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** One decision for all gates that are still to come. */
export function ApproveAllDialog({ run: ref, opened, onClose }: ApproveAllDialogProps) {
  const run = readFragment(ApproveAllDialog_RunFragment, ref);
  const [topK, setTopK] = useState<TypedNumber>(run.defaultTopK);
  const problem = problemOfK(topK);
  const [, approveAll] = useMutation(ApproveAllRemainingMutation);

  const confirm = async (comment: string) => {
    const input = { runId: run.id, topK: Number(topK), ...(comment === "" ? {} : { comment }) };
    const outcome = outcomeOf(
      await approveAll({ input }),
      (data) => data.approveAllRemaining,
      "ApproveAllRemainingSuccess",
    );
    if (!outcome.ok) return outcome.words;
    toastDone(`The remaining steps are approved with K=${topK}.`);
    return undefined;
  };

  return (
    <ConfirmDialog
      opened={opened}
      title="Approve all remaining steps?"
      confirmLabel={problem === undefined ? `Approve all with K=${topK}` : "Approve all"}
      blocked={problem !== undefined}
      reasonLabel="Comment (optional)"
      onClose={onClose}
      onConfirm={confirm}
    >
      <Stack gap="sm">
        <span>
          The step that waits now is approved. The later ones do not wait for anybody any more: as soon as a step has
          all its candidates, its best K by Elo go on, and voting there is closed. Where nobody has voted until then,
          the oldest go on. This cannot be taken back.
        </span>
        <NumberInput
          label="K, the candidates that advance from each step"
          value={topK}
          min={1}
          clampBehavior="none"
          error={problem}
          onChange={setTopK}
        />
      </Stack>
    </ConfirmDialog>
  );
}
