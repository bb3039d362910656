import { Alert, Anchor, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { BackIcon } from "../../components/icons.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { RunStatusBadge } from "../../components/run-status-badge.tsx";
import { Tip } from "../../components/tip.tsx";
import type { RunStatus } from "../../gql/generated/graphql.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { RunActions } from "./run-actions.tsx";

export const RunHeader_RunFragment = graphql(`
  fragment RunHeader_Run on Run {
    id
    number
    name
    status
    prompt
    approvedSteps
    totalSteps
    maxChildrenPerNode
    createdAt
    finishedAt
    createdBy {
      name
    }
    pipeline {
      id
      name
    }
    nextWork {
      mode
      message
      openSlots
    }
    alerts {
      id
      message
      acknowledgedAt
      resolvedAt
    }
    ...RunActions_Run
  }
`);

const STATE_COLORS = {
  RUNNING: "water",
  WAITING_FOR_APPROVAL: "amber",
  COMPLETED: "teal",
  REJECTED: "red",
  FAILED: "red",
  ABORTED: "gray",
} as const satisfies Record<RunStatus, string>;

/** Who and what the run is, how far it has come, and why it waits. */
export function RunHeader(props: { readonly run: FragmentType<typeof RunHeader_RunFragment> }) {
  const run = readFragment(RunHeader_RunFragment, props.run);
  const alerts = run.alerts.filter((alert) => alert.resolvedAt === null);
  const share = run.totalSteps === 0 ? 0 : (run.approvedSteps / run.totalSteps) * 100;
  return (
    <Stack gap="sm" component="header">
      <Anchor renderRoot={(rootProps) => <Link to="/runs" {...rootProps} />} size="sm" c="dimmed">
        <Group gap={2} component="span">
          <BackIcon size={14} /> All runs
        </Group>
      </Anchor>
      <Group justify="space-between" align="flex-start" gap="sm">
        <div style={{ minWidth: 0, flex: "1 1 320px" }}>
          <Group gap="sm">
            <Title order={1} size="h2" style={{ overflowWrap: "anywhere" }}>
              <Text span inherit c="dimmed" fw={500}>
                #{run.number}
              </Text>{" "}
              {run.name}
            </Title>
            <RunStatusBadge status={run.status} />
          </Group>
          <Text size="sm" c="dimmed">
            {run.name !== run.pipeline.name && `${run.pipeline.name} · `}N = {run.maxChildrenPerNode}{" "}
            <Tip label="What N means">{`N: each parent gets up to ${run.maxChildrenPerNode} children. How many candidates then advance is K, chosen at each approval.`}</Tip>{" "}
            · started <RelativeTime at={run.createdAt} />
            {run.createdBy && ` by ${run.createdBy.name}`}
            {run.finishedAt !== null && (
              <>
                {" "}
                · ended <RelativeTime at={run.finishedAt} />
              </>
            )}
          </Text>
        </div>
        <RunActions run={run} />
      </Group>
      {run.prompt !== "" && (
        <Text style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }} maw="75ch" lineClamp={6}>
          {run.prompt}
        </Text>
      )}
      <div>
        <Text size="sm" mb={6}>
          <strong>
            {run.approvedSteps} of {run.totalSteps}
          </strong>{" "}
          steps approved
        </Text>
        <Progress.Root size="lg">
          <Progress.Section
            value={share}
            color="teal"
            aria-label="Approved steps"
            aria-valuetext={`${run.approvedSteps} of ${run.totalSteps} steps approved`}
          />
        </Progress.Root>
      </div>
      <RunState run={run} />
      {alerts.map((alert) => (
        <Alert key={alert.id} color="orange" variant="light" role="alert">
          {alert.message}
        </Alert>
      ))}
    </Stack>
  );
}

interface RunStateProps {
  readonly run: {
    readonly status: RunStatus;
    readonly nextWork: { readonly message: string };
  };
}

/** The answer to "why is my run stuck?", or how it ended. */
function RunState({ run }: RunStateProps) {
  return (
    <Alert color={STATE_COLORS[run.status]} variant="light" role="status" p="sm">
      {run.nextWork.message}
    </Alert>
  );
}
