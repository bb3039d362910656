import { Alert, Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { toastDone } from "../../components/toast.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { useMay } from "../../lib/viewer.ts";
import { counted } from "../../lib/words.ts";
import { brokenJobs, type GivenUpJobs, givenUpInWords } from "../jobs/job-words.ts";

export const StepProgress_StepFragment = graphql(`
  fragment StepProgress_Step on RunStep {
    id
    position
    status
    progress
    candidateCount
    expectedCandidates
    inFlightJobs
    failedJobs
    untriedJobs
    cancelledJobs
  }
`);

const RetryFailedJobsMutation = graphql(`
  mutation RetryFailedJobs($input: RetryFailedJobsInput!) {
    retryFailedJobs(input: $input) {
      __typename
      ... on RetryFailedJobsSuccess {
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

interface StepProgressProps {
  readonly step: FragmentType<typeof StepProgress_StepFragment>;
}

/** How far generation is, while there is any, and what failed. */
export function StepProgress({ step: ref }: StepProgressProps) {
  const step = readFragment(StepProgress_StepFragment, ref);
  const generating = step.status === "GENERATING" || step.inFlightJobs > 0;
  const counts = `${step.candidateCount} of ${counted(step.expectedCandidates, "candidate")}`;
  return (
    <>
      {generating && (
        <div>
          <ProgressBar
            size="md"
            value={step.progress * 100}
            animated={step.inFlightJobs > 0}
            label={`Generation of step ${step.position}`}
            words={counts}
          />
          <Text size="sm" c="dimmed" mt={4}>
            {counts}
            {step.inFlightJobs > 0 && ` · ${counted(step.inFlightJobs, "job")} running or queued`}
          </Text>
        </div>
      )}
      {step.failedJobs > 0 && <FailedJobs stepId={step.id} jobs={step} />}
    </>
  );
}

interface FailedJobsProps {
  readonly stepId: string;
  readonly jobs: GivenUpJobs;
}

/** Why each failed is said where the jobs are. */
function FailedJobs({ stepId, jobs }: FailedJobsProps) {
  const [{ fetching }, retry] = useMutation(RetryFailedJobsMutation);
  const [words, setWords] = useState<string>();
  const mayRetry = useMay("OPERATE");

  const onRetry = async () => {
    const outcome = outcomeOf(
      await retry({ input: { stepId } }),
      (data) => data.retryFailedJobs,
      "RetryFailedJobsSuccess",
    );
    setWords(outcome.ok ? undefined : outcome.words);
    if (outcome.ok) toastDone(`${counted(jobs.failedJobs, "job")} started again.`);
  };

  return (
    <Alert color={brokenJobs(jobs) > 0 ? "red" : "orange"} variant="light" role="alert" p="sm">
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {givenUpInWords(jobs)}
        </Text>
        {mayRetry && (
          <Button size="xs" variant="default" loading={fetching} onClick={() => void onRetry()}>
            {jobs.failedJobs === jobs.cancelledJobs ? "Retry cancelled jobs" : "Retry failed jobs"}
          </Button>
        )}
      </Group>
      {words !== undefined && (
        <Text size="sm" mt={4}>
          {words}
        </Text>
      )}
    </Alert>
  );
}
