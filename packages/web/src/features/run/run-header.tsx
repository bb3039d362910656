import { Anchor, Button, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import { BackLink } from "../../components/back-link.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { RunStatusBadge } from "../../components/run-status-badge.tsx";
import { Tip } from "../../components/tip.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { budgetInWords, budgetSpent } from "./budget-words.ts";
import { childrenInWords } from "./children-words.ts";
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
    steps {
      id
      kind
      maxChildren
    }
    createdAt
    finishedAt
    createdBy {
      id
      name
    }
    pipeline {
      id
      name
    }
    approvalTemplate
    budget {
      maxJobs
      attemptsStarted
      maxCostUsd
      costUsd
    }
    endedBy {
      id
      name
    }
    forkedAtPosition
    forkedFrom {
      id
      number
    }
    forks {
      id
      number
    }
    ...RunActions_Run
  }
`);

/** Who and what the run is, and how far it has come. */
export function RunHeader(props: { readonly run: FragmentType<typeof RunHeader_RunFragment> }) {
  const run = readFragment(RunHeader_RunFragment, props.run);
  const spent = budgetInWords(run.budget);
  const children = childrenInWords(run.steps, run.maxChildrenPerNode);
  const share = run.totalSteps === 0 ? 0 : (run.approvedSteps / run.totalSteps) * 100;
  return (
    <Stack gap="sm" component="header">
      <BackLink renderRoot={(rootProps) => <Link to="/runs" {...rootProps} />}>All runs</BackLink>
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
            {run.name !== run.pipeline.name && `${run.pipeline.name} · `}
            {children.words}{" "}
            <Tip label="What N means">
              {children.explained} How many candidates then advance is K, chosen at each approval.
            </Tip>{" "}
            · started <RelativeTime at={run.createdAt} />
            {run.createdBy && ` by ${run.createdBy.name}`}
            {run.finishedAt !== null && (
              <>
                {" "}
                · ended <RelativeTime at={run.finishedAt} />
                {run.endedBy && ` by ${run.endedBy.name}`}
              </>
            )}
            {run.approvalTemplate !== null && ` · approval template ${run.approvalTemplate}`} ·{" "}
            <Anchor renderRoot={(rootProps) => <Link to="/records" search={{ run: run.id }} {...rootProps} />} inherit>
              decisions
            </Anchor>
          </Text>
          <Family run={run} />
        </div>
        <Group gap="xs">
          <Button
            variant="default"
            size="xs"
            renderRoot={(rootProps) => <Link to="/runs/$runId/gallery" params={{ runId: run.id }} {...rootProps} />}
          >
            Gallery
          </Button>
          <Button
            variant="default"
            size="xs"
            renderRoot={(rootProps) => <Link to="/runs/$runId/lineage" params={{ runId: run.id }} {...rootProps} />}
          >
            Lineage
          </Button>
          <RunActions run={run} />
        </Group>
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
          {spent !== undefined && (
            <Text
              span
              size="sm"
              fw={budgetSpent(run.budget) ? 600 : 400}
              c={budgetSpent(run.budget) ? "var(--sluice-danger)" : "dimmed"}
            >
              {" · "}
              {spent}
              {budgetSpent(run.budget) && ": nothing more is begun"}
            </Text>
          )}
        </Text>
        <ProgressBar
          size="lg"
          value={share}
          color="teal"
          label="Approved steps"
          words={`${run.approvedSteps} of ${run.totalSteps} steps approved`}
        />
      </div>
    </Stack>
  );
}

interface FamilyProps {
  readonly run: {
    readonly forkedAtPosition: number | null;
    readonly forkedFrom: OtherRun | null;
    readonly forks: readonly OtherRun[];
  };
}

interface OtherRun {
  readonly id: string;
  readonly number: number;
}

/** The runs that this one shares candidates with. */
function Family({ run: { forkedFrom, forkedAtPosition, forks } }: FamilyProps) {
  if (forkedFrom === null && forks.length === 0) return null;
  return (
    <Text size="sm" c="dimmed">
      {forkedFrom && (
        <>
          Forked from <RunLink run={forkedFrom} />
          {forkedAtPosition !== null && ` at step ${forkedAtPosition}`}
        </>
      )}
      {forkedFrom && forks.length > 0 && " · "}
      {forks.length > 0 && "Forked to "}
      {forks.map((fork, index) => (
        <Fragment key={fork.id}>
          {index > 0 && ", "}
          <RunLink run={fork} />
        </Fragment>
      ))}
    </Text>
  );
}

function RunLink({ run }: { readonly run: OtherRun }) {
  return (
    <Anchor renderRoot={(rootProps) => <Link to="/runs/$runId" params={{ runId: run.id }} {...rootProps} />} inherit>
      run #{run.number}
    </Anchor>
  );
}
