import { Drawer, Stack, Text } from "@mantine/core";
import { useQuery } from "urql";
import { Facts } from "../../components/facts.tsx";
import { LoadState } from "../../components/load-state.tsx";
import type { JobDrawerQuery as JobDrawerResult } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { dollars } from "../../lib/dollars.ts";
import { jobLogsOf, useStepSignal } from "../../lib/step-signals.ts";
import { fullTime } from "../../lib/time.ts";
import { jobInWords } from "./job-words.ts";
import classes from "./jobs.module.css";

const REFETCH_MS = 1_000;

const JobDrawerQuery = graphql(`
  query JobDrawer($jobId: ID!) {
    node(id: $jobId) {
      __typename
      ... on Job {
        id
        status
        attempt
        untried
        generator
        progress
        progressMessage
        error
        log
        externalId
        leasedTo {
          id
          name
        }
        leaseExpiresAt
        costUsd
        queuedAt
        startedAt
        finishedAt
      }
    }
  }
`);

interface JobDrawerProps {
  readonly jobId: string;
  readonly stepId: string;
  readonly onClose: () => void;
}

/** What a generator logged about one job, and what its service knows the work by. */
export function JobDrawer({ jobId, stepId, onClose }: JobDrawerProps) {
  const [{ data, error }, refetch] = useQuery({ query: JobDrawerQuery, variables: { jobId } });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useStepSignal(jobLogsOf(stepId), reload, { everyMs: REFETCH_MS });
  const job = data?.node?.__typename === "Job" ? data.node : undefined;
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title="Log of the job"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {job && <JobLog job={job} />}
      {!job && <LoadState what="job" height={240} error={error} onRetry={reload} />}
    </Drawer>
  );
}

function JobLog({ job }: { readonly job: Extract<JobDrawerResult["node"], { __typename: "Job" }> }) {
  return (
    <Stack gap="md">
      <Facts
        facts={[
          ["State", jobInWords(job)],
          ["Generator", job.generator],
          ["External id", job.externalId],
          ["Claimed by", job.leasedTo && leaseInWords(job.leasedTo.name, job.leaseExpiresAt)],
          ["Cost", job.costUsd > 0 ? dollars(job.costUsd) : null],
          ["Queued", fullTime(Date.parse(job.queuedAt))],
          ["Started", job.startedAt && fullTime(Date.parse(job.startedAt))],
          ["Ended", job.finishedAt && fullTime(Date.parse(job.finishedAt))],
        ]}
      />
      {job.error !== null && (
        <Text size="sm" c="var(--sluice-danger)" style={{ overflowWrap: "anywhere" }}>
          {job.error}
        </Text>
      )}
      {job.log === "" ? (
        <Text size="sm" c="dimmed">
          Nothing was logged.
        </Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and is scrolled by keys as well.
        <section className={classes.log} aria-label="Log" tabIndex={0}>
          {job.log}
        </section>
      )}
    </Stack>
  );
}

function leaseInWords(name: string, until: string | null): string {
  return `a program of ${name}${until === null ? "" : `, until ${fullTime(Date.parse(until))}`}`;
}
