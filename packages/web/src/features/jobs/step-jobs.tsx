import { Text } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { graphql, readFragment } from "../../gql/generated/index.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { counted } from "../../lib/words.ts";
import { jobsOf, useStepSignal } from "../run/step-signals.ts";
import { JobDrawer } from "./job-drawer.tsx";
import { JobTile, JobTile_JobFragment } from "./job-tile.tsx";
import classes from "./jobs.module.css";

/** As many as are looked at; the others are counted. */
const SHOWN = 12;
/** The oldest: those that run and those that failed are among them, before what only waits. */
const READ = 50;
const REFETCH_MS = 400;

const StepJobsQuery = graphql(`
  query StepJobs($stepId: ID!, $first: Int!) {
    node(id: $stepId) {
      __typename
      ... on RunStep {
        id
        jobs(status: [RUNNING, QUEUED, FAILED], first: $first) {
          totalCount
          edges {
            cursor
            node {
              id
              status
              attempt
              ...JobTile_Job
            }
          }
        }
      }
    }
  }
`);

interface StepJobsProps {
  readonly stepId: string;
  readonly stepName: string;
}

/** The jobs of a step that are under way, as they go: their progress, a picture of what is coming, the text so far. */
export function StepJobs({ stepId, stepName }: StepJobsProps) {
  const [open, setOpen] = useState<string>();
  const [{ data, error }, refetch] = useQuery({ query: StepJobsQuery, variables: { stepId, first: READ } });
  useStepSignal(jobsOf(stepId), () => refetch({ requestPolicy: "network-only" }), REFETCH_MS);
  const step = data?.node?.__typename === "RunStep" ? data.node : undefined;
  // The step's own line says how many there are; nothing is lost where they cannot be shown for a moment.
  if (!step) return error ? <Text size="sm">The jobs could not be loaded.</Text> : null;

  const shown = nodesOf(step.jobs)
    .filter(({ status, attempt }) => status !== "QUEUED" || attempt > 1)
    .toSorted((one, other) => Number(other.status === "FAILED") - Number(one.status === "FAILED"))
    .slice(0, SHOWN);
  const more = step.jobs.totalCount - shown.length;
  return (
    <>
      {shown.length > 0 && (
        <ul className={classes.jobs} aria-label={`Jobs of ${stepName}`}>
          {shown.map((job) => (
            <li key={job.id}>
              <JobTile job={readFragment(JobTile_JobFragment, job)} onShowLog={() => setOpen(job.id)} />
            </li>
          ))}
        </ul>
      )}
      {shown.length > 0 && more > 0 && (
        <Text size="sm" c="dimmed">
          and {counted(more, "more job")}
        </Text>
      )}
      {open !== undefined && <JobDrawer jobId={open} stepId={stepId} onClose={() => setOpen(undefined)} />}
    </>
  );
}
