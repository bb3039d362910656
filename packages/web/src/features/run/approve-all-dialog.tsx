import { Alert, NumberInput, Stack } from "@mantine/core";
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
    steps {
      id
      position
      status
      approved
      round
    }
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
  const next = run.steps.find(({ approved, status }) => !approved && status !== "REJECTED");
  const [seen, setSeen] = useState({ opened, next });
  if (seen.opened !== opened) setSeen({ opened, next });
  const sentBack = wasSentBack(seen.next, next);

  const confirm = async (comment: string) => {
    // Approved by somebody else meanwhile is no reason not to approve the rest. Sent back is one, also where this
    // window was not told of it yet.
    const round = next?.id === seen.next?.id ? seen.next?.round : next?.round;
    const input = {
      runId: run.id,
      topK: Number(topK),
      ...(round === undefined ? {} : { round }),
      ...(comment === "" ? {} : { comment }),
    };
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
      blocked={problem !== undefined || sentBack !== undefined}
      reasonLabel="Comment (optional)"
      onClose={onClose}
      onConfirm={confirm}
    >
      <Stack gap="sm">
        {sentBack && (
          <Alert color="amber" variant="light" role="status" p="xs" px="sm">
            Step {sentBack.position} was sent back while this was open: round {sentBack.round} has begun. Close this,
            and look at what that makes before you decide.
          </Alert>
        )}
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

interface Gate {
  readonly id: string;
  readonly position: number;
  readonly round: number;
}

/** @returns the gate that comes next now, where that is another round than the one that was seen */
function wasSentBack(seen: Gate | undefined, now: Gate | undefined): Gate | undefined {
  if (!seen || !now) return undefined;
  const another = now.position < seen.position || (now.id === seen.id && now.round !== seen.round);
  return another ? now : undefined;
}
