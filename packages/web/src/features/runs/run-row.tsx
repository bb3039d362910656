import { Group, Text, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useId } from "react";
import { RelativeTime } from "../../components/relative-time.tsx";
import { RunStatusBadge } from "../../components/run-status-badge.tsx";
import { StepMarks } from "../../components/step-marks.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { isRunActive } from "../../lib/run-active.ts";
import { runTitle } from "../../lib/run-title.ts";
import { RunReason, type RunReason_RunFragment } from "./run-reason.tsx";
import classes from "./run-row.module.css";

export const RunRow_RunFragment = graphql(`
  fragment RunRow_Run on Run {
    id
    number
    name
    prompt
    status
    createdAt
    approvedSteps
    totalSteps
    pipeline {
      id
      name
    }
    steps {
      id
      position
      name
      status
    }
  }
`);

interface RunRowProps {
  readonly run: FragmentType<typeof RunRow_RunFragment>;
  /** The same run, where it is to be said why it does not go on. */
  readonly reason?: FragmentType<typeof RunReason_RunFragment>;
}

export function RunRow(props: RunRowProps) {
  const run = readFragment(RunRow_RunFragment, props.run);
  const title = runTitle(run);
  const id = useId();
  return (
    <UnstyledButton
      renderRoot={(rootProps) => <Link to="/runs/$runId" params={{ runId: run.id }} {...rootProps} />}
      className={classes.row}
      aria-label={`Run #${run.number}, ${title}`}
      aria-describedby={`${id}-status ${id}-reason ${id}-progress`}
    >
      <div className={classes.name}>
        <Group gap={8} wrap="nowrap">
          <Text c="dimmed" size="sm">
            #{run.number}
          </Text>
          <Text fw={600} truncate>
            {title}
          </Text>
        </Group>
        <Text size="sm" c="dimmed" truncate>
          {title !== run.pipeline.name && `${run.pipeline.name} · `}
          <RelativeTime at={run.createdAt} />
          {title === run.name && run.prompt !== "" && ` · ${run.prompt}`}
        </Text>
        {props.reason && (
          <div id={`${id}-reason`}>
            <RunReason run={props.reason} />
          </div>
        )}
      </div>
      <div id={`${id}-status`} className={classes.status}>
        <RunStatusBadge status={run.status} />
      </div>
      <div className={classes.progress}>
        <Text id={`${id}-progress`} size="xs" c="dimmed" mb={4}>
          {run.approvedSteps} of {run.totalSteps} steps approved
        </Text>
        <StepMarks steps={run.steps} over={!isRunActive(run.status)} />
      </div>
    </UnstyledButton>
  );
}
