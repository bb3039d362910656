import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { StateIcon } from "../../components/state-icon.tsx";
import { Tip } from "../../components/tip.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { CandidateGrid } from "./candidate-grid.tsx";
import { StepDecision } from "./step-decision.tsx";
import { StepProgress } from "./step-progress.tsx";
import { advancingExplained, stepIcon } from "./step-status.ts";

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
    ...StepDecision_Step
    ...StepProgress_Step
  }
`);

interface StepCardProps {
  readonly runId: string;
  readonly runActive: boolean;
  readonly lastStep: boolean;
  readonly step: FragmentType<typeof StepCard_StepFragment>;
  readonly onOpenApproval: () => void;
}

/** One step of a run: its state in words, its progress, its decision and its candidates. */
export function StepCard({ runId, runActive, lastStep, step: ref, onOpenApproval }: StepCardProps) {
  const step = readFragment(StepCard_StepFragment, ref);
  const blocked = step.status === "BLOCKED";
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
              {step.status === "APPROVED" && <Tip label="What advancing means">{advancingExplained(step)}</Tip>}
            </Group>
          </div>
          <StepDecision runId={runId} runActive={runActive} step={step} onOpenApproval={onOpenApproval} />
        </Group>
        {step.comment !== null && step.comment !== "" && (
          <Text size="sm" fs="italic" c="dimmed" style={{ whiteSpace: "pre-wrap" }}>
            “{step.comment}”
          </Text>
        )}
        {!blocked && step.kind !== "APPROVAL" && <StepProgress step={step} />}
        {!blocked && step.candidateCount > 0 && (
          <CandidateGrid stepId={step.id} stepName={step.name} lastStep={lastStep} />
        )}
      </Stack>
    </Paper>
  );
}
