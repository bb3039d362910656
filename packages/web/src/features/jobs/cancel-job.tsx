import { Button } from "@mantine/core";
import { useMutation } from "urql";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";

const CancelJobMutation = graphql(`
  mutation CancelJob($input: CancelJobInput!) {
    cancelJob(input: $input) {
      __typename
      ... on CancelJobSuccess {
        job {
          id
          ...JobNow_Job
        }
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

interface CancelJobProps {
  readonly jobId: string;
  /** Of the candidate that it makes. */
  readonly label: string;
  /** Why it could not be cancelled; undefined once it is. */
  readonly onOutcome: (words: string | undefined) => void;
}

/** Gives one job up. It can be retried, so nobody is asked twice. */
export function CancelJob({ jobId, label, onOutcome }: CancelJobProps) {
  const [{ fetching }, cancel] = useMutation(CancelJobMutation);
  const onCancel = async () => {
    const outcome = outcomeOf(await cancel({ input: { jobId } }), (data) => data.cancelJob, "CancelJobSuccess");
    onOutcome(outcome.ok ? undefined : outcome.words);
  };
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-xs"
      loading={fetching}
      onClick={() => void onCancel()}
      aria-label={`Cancel job ${label}`}
    >
      Cancel
    </Button>
  );
}
