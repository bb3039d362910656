import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { graphql, readFragment } from "../../gql/generated/index.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { jobsOf, useStepSignal } from "../../lib/step-signals.ts";
import { counted } from "../../lib/words.ts";
import { JobDrawer } from "./job-drawer.tsx";
import { JobTile, JobTile_JobFragment } from "./job-tile.tsx";
import classes from "./jobs.module.css";
import { sameErrors } from "./same-errors.ts";

/** As many as are looked at; the others are counted. */
const SHOWN = 12;
/** The oldest of those under way, and of those given up: those that run are among them, before what only waits. */
const READ = 50;
const REFETCH_MS = 400;

const StepJob_JobFragment = graphql(`
  fragment StepJob_Job on Job {
    id
    status
    attempt
    error
    cancelledBy {
      id
    }
    ...JobTile_Job
  }
`);

const StepJobsQuery = graphql(`
  query StepJobs($stepId: ID!, $first: Int!) {
    node(id: $stepId) {
      __typename
      ... on RunStep {
        id
        underWay: jobs(status: [RUNNING, QUEUED], first: $first) {
          totalCount
          edges {
            cursor
            node {
              id
              ...StepJob_Job
            }
          }
        }
        givenUp: jobs(givenUp: true, first: $first) {
          totalCount
          edges {
            cursor
            node {
              id
              ...StepJob_Job
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

/**
 * The jobs of a step that are under way, as they go: their progress, a picture of what is coming, the text so far. And
 * those that were given up or cancelled by a person: one for each reason, the others on demand.
 */
export function StepJobs({ stepId, stepName }: StepJobsProps) {
  const [open, setOpen] = useState<string>();
  const [unfolded, setUnfolded] = useState(false);
  const [{ data, error }, refetch] = useQuery({ query: StepJobsQuery, variables: { stepId, first: READ } });
  useStepSignal(jobsOf(stepId), () => refetch({ requestPolicy: "network-only" }), { everyMs: REFETCH_MS });
  const step = data?.node?.__typename === "RunStep" ? data.node : undefined;
  // The step's own line says how many there are; nothing is lost where they cannot be shown for a moment.
  if (!step) return error ? <Text size="sm">The jobs could not be loaded.</Text> : null;

  // Events tell how a job stands at once: which list it was read in may be out of date.
  const lists = [step.underWay, step.givenUp];
  const read = lists.flatMap(nodesOf).map((job) => readFragment(StepJob_JobFragment, job));
  const known = [...new Map(read.map((job) => [job.id, job])).values()];
  // What was cancelled for another reason than that a person wished it, nobody wants any more.
  const jobs = known.filter(
    ({ status, cancelledBy }) => status !== "COMPLETED" && (status !== "CANCELLED" || cancelledBy !== null),
  );
  const failed = jobs.filter(({ status }) => status === "FAILED" || status === "CANCELLED");
  const underWay = jobs
    .filter(({ status, attempt }) => status === "RUNNING" || (status === "QUEUED" && attempt > 1))
    .slice(0, SHOWN);
  const groups = sameErrors(failed);
  const folded = failed.length - groups.length;
  const all = step.underWay.totalCount + step.givenUp.totalCount - (known.length - jobs.length);
  const beyond = all - underWay.length - failed.length;
  const tiles = [
    ...underWay.map((job) => ({ job, same: 0 })),
    ...(unfolded
      ? failed.map((job) => ({ job, same: 0 }))
      : groups.map(([job, ...others]) => ({ job, same: others.length }))),
  ];
  return (
    <>
      {tiles.length > 0 && (
        <ul className={classes.jobs} aria-label={`Jobs of ${stepName}`}>
          {tiles.map(({ job, same }) => (
            <li key={job.id}>
              <JobTile job={readFragment(JobTile_JobFragment, job)} same={same} onShowLog={() => setOpen(job.id)} />
            </li>
          ))}
        </ul>
      )}
      {folded > 0 && (
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            aria-expanded={unfolded}
            aria-label={unfolded ? `Show fewer jobs of ${stepName}` : `Show all jobs of ${stepName} that were given up`}
            onClick={() => setUnfolded(!unfolded)}
          >
            {unfolded ? "Show fewer" : `Show all ${failed.length}`}
          </Button>
        </div>
      )}
      {tiles.length > 0 && beyond > 0 && (
        <Text size="sm" c="dimmed">
          and {counted(beyond, "more job")}
        </Text>
      )}
      {open !== undefined && <JobDrawer jobId={open} stepId={stepId} onClose={() => setOpen(undefined)} />}
    </>
  );
}
