import { Alert, Button, Group, Stack, Textarea } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { toastDone } from "../../components/toast.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { useDraft } from "../../lib/use-draft.ts";
import { useFocusAtFirst } from "../../lib/use-focus-at-first.ts";

const RejectStepMutation = graphql(`
  mutation RejectStep($input: RejectStepInput!) {
    rejectStep(input: $input) {
      __typename
      ... on RejectStepSuccess {
        step {
          id
          ...StepCard_Step
        }
        run {
          id
          ...RunHeader_Run
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

interface RejectPanelProps {
  readonly step: { readonly id: string; readonly position: number; readonly round: number };
  readonly onBack: () => void;
  readonly onDone: () => void;
}

/** Asks once more before the step is rejected and the run ends with it. */
export function RejectPanel({ step, onBack, onDone }: RejectPanelProps) {
  const [{ fetching }, send] = useMutation(RejectStepMutation);
  const [comment, setComment, clear] = useDraft(`reject ${step.id}`, "");
  const [words, setWords] = useState<string>();
  const field = useFocusAtFirst<HTMLTextAreaElement>();

  const reject = async () => {
    const trimmed = comment.trim();
    const input = { stepId: step.id, round: step.round, ...(trimmed === "" ? {} : { comment: trimmed }) };
    const outcome = outcomeOf(await send({ input }), (data) => data.rejectStep, "RejectStepSuccess");
    if (!outcome.ok) return setWords(outcome.words);
    clear();
    toastDone(`Step ${step.position} was rejected and the run has ended.`);
    onDone();
  };

  return (
    <Alert color="red" variant="light" title={`Reject step ${step.position} and end the run?`}>
      <Stack gap="sm">
        Nothing of this run goes on, and it cannot be taken up again. Jobs that are queued are cancelled.
        <Textarea
          label="Why (optional)"
          autosize
          minRows={2}
          value={comment}
          ref={field}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        {words !== undefined && (
          <div role="alert">
            <strong>{words}</strong>
          </div>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onBack}>
            Back
          </Button>
          <Button color="red" loading={fetching} onClick={() => void reject()}>
            Reject and end the run
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
