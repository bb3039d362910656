import { Group, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { lazy, Suspense } from "react";
import { StateIcon } from "../../components/state-icon.tsx";
import { advancingExplained, stepIcon } from "../../components/step-status.ts";
import { Tip } from "../../components/tip.tsx";
import type { StepStatus } from "../../gql/generated/graphql.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { StepCharts } from "../charts/step-charts.tsx";
import { CandidateGrid, type CandidateGrid_StepFragment } from "./candidate-grid.tsx";
import { StepDecision } from "./step-decision.tsx";
import { StepMenu } from "./step-menu.tsx";
import { StepProgress } from "./step-progress.tsx";

export const StepCard_StepFragment = graphql(`
  fragment StepCard_Step on RunStep {
    id
    position
    name
    kind
    status
    statusLabel
    comment
    candidateCount
    advancingCount
    topKCount
    maxChildren
    inFlightJobs
    failedJobs
    votesCast
    round
    policy {
      summary
    }
    ...StepDecision_Step
    ...StepProgress_Step
  }
`);

const StepJobs = lazy(() => import("../jobs/step-jobs.tsx").then(({ StepJobs: it }) => ({ default: it })));
const StepRounds = lazy(() => import("./step-rounds.tsx").then(({ StepRounds: it }) => ({ default: it })));

/** Where a new run can begin: the step has made what it makes. */
const SETTLED: readonly StepStatus[] = ["AWAITING_APPROVAL", "APPROVED", "REJECTED"];

/** What is added is still compared. */
const UNDECIDED: readonly StepStatus[] = ["GENERATING", "AWAITING_APPROVAL"];

interface StepCardProps {
  readonly runId: string;
  readonly runActive: boolean;
  readonly lastStep: boolean;
  /** The steps of this run make different numbers of children: each says its own. */
  readonly ownN: boolean;
  readonly step: FragmentType<typeof StepCard_StepFragment>;
  /** Its candidates: events carry the rest of the step without them. */
  readonly grid: FragmentType<typeof CandidateGrid_StepFragment>;
  /** What has to happen before it begins, in words. */
  readonly waitsFor: string | undefined;
  readonly onOpenApproval: () => void;
}

/** One step of a run: its state in words, its progress, its decision and its candidates. */
export function StepCard({
  runId,
  runActive,
  lastStep,
  ownN,
  step: ref,
  grid,
  waitsFor,
  onOpenApproval,
}: StepCardProps) {
  const step = readFragment(StepCard_StepFragment, ref);
  const blocked = step.status === "BLOCKED";
  const candidates = !blocked && step.candidateCount > 0 && (
    <CandidateGrid runId={runId} step={grid} lastStep={lastStep} />
  );
  return (
    <Paper
      component="section"
      aria-labelledby={`step-${step.id}`}
      withBorder
      radius="lg"
      p="md"
      style={runActive && step.status === "AWAITING_APPROVAL" ? { borderColor: "var(--mantine-color-amber-5)" } : {}}
    >
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" gap="sm">
          <div style={{ minWidth: 0 }}>
            <Title order={2} size="h4" id={`step-${step.id}`} c={blocked ? "dimmed" : ""}>
              Step {step.position}: {step.name}
            </Title>
            <Group gap={6} wrap="nowrap" mt={2}>
              <StateIcon kind={stepIcon(step.status, runActive)} />{" "}
              <Text size="sm" span>
                {step.statusLabel}
              </Text>
              {step.status === "APPROVED" && (
                <Tip label="What advancing means">{advancingExplained(step, lastStep)}</Tip>
              )}
              {ownN && (
                <Text size="sm" span c="dimmed">
                  · N = {step.maxChildren}
                </Text>
              )}
            </Group>
          </div>
          <Group gap="xs" wrap="nowrap" align="flex-start">
            {waitsFor !== undefined && (
              <Text size="sm" c="dimmed">
                {waitsFor}
              </Text>
            )}
            <StepDecision runId={runId} runActive={runActive} step={step} onOpenApproval={onOpenApproval} />
            <StepMenu
              step={step}
              mayFork={SETTLED.includes(step.status)}
              mayImport={runActive && step.kind !== "APPROVAL" && UNDECIDED.includes(step.status)}
            />
          </Group>
        </Group>
        {step.status === "AWAITING_APPROVAL" && runActive && step.policy.summary !== null && (
          <Text size="sm" c="dimmed">
            {step.policy.summary}
          </Text>
        )}
        {step.comment !== null && step.comment !== "" && (
          <Text size="sm" fs="italic" c="dimmed" style={{ whiteSpace: "pre-wrap" }}>
            “{step.comment}”
          </Text>
        )}
        {!blocked && step.kind !== "APPROVAL" && <StepProgress step={step} />}
        {step.votesCast > 0 && <StepCharts step={step} />}
        {step.inFlightJobs + step.failedJobs > 0 && (
          <Suspense>
            <StepJobs stepId={step.id} stepName={step.name} />
          </Suspense>
        )}
        {step.round > 1 && step.kind !== "APPROVAL" ? (
          <Suspense fallback={<Skeleton height={90} />}>
            <StepRounds key={step.round} step={step} lastStep={lastStep}>
              {candidates}
            </StepRounds>
          </Suspense>
        ) : (
          candidates
        )}
      </Stack>
    </Paper>
  );
}
