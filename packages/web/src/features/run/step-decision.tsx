import { Badge, Button, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { RelativeTime } from "../../components/relative-time.tsx";
import { StateIcon } from "../../components/state-icon.tsx";
import { Tip } from "../../components/tip.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { advancingExplained, stepAction } from "./step-status.ts";

export const StepDecision_StepFragment = graphql(`
  fragment StepDecision_Step on RunStep {
    id
    position
    status
    gate
    approvedAt
    approvedBy {
      name
    }
    topKCount
    candidateCount
    advancingCount
    votingOpen
    votesCast
  }
`);

interface StepDecisionProps {
  readonly runId: string;
  readonly runActive: boolean;
  readonly step: FragmentType<typeof StepDecision_StepFragment>;
  readonly onOpenApproval: () => void;
}

/** The step's decision: the button that opens it, or what was decided. */
export function StepDecision({ runId, runActive, step: ref, onOpenApproval }: StepDecisionProps) {
  const step = readFragment(StepDecision_StepFragment, ref);
  const action = stepAction({ ...step, runActive });
  const canVote = step.votingOpen && runActive && step.candidateCount > 1;
  return (
    <Group gap="xs">
      {step.votesCast > 0 && (
        <Text size="sm" c="dimmed">
          {step.votesCast === 1 ? "1 vote" : `${step.votesCast} votes`}
        </Text>
      )}
      {canVote && (
        <Button
          renderRoot={(rootProps) => (
            <Link to="/runs/$runId/steps/$stepId/vote" params={{ runId, stepId: step.id }} {...rootProps} />
          )}
          variant="default"
          size="xs"
          aria-label={`Vote on step ${step.position}`}
        >
          Vote
        </Button>
      )}
      {action === "approve" && (
        <Button size="xs" onClick={onOpenApproval}>
          Approve Step {step.position}
        </Button>
      )}
      {action === "preview" && (
        <Button
          size="xs"
          variant="default"
          onClick={onOpenApproval}
          aria-label={`Preview approval of step ${step.position}`}
        >
          Preview approval
        </Button>
      )}
      {step.status === "APPROVED" && <ApprovedBadge step={step} />}
    </Group>
  );
}

interface ApprovedBadgeProps {
  readonly step: {
    readonly approvedAt: string | null;
    readonly approvedBy: { readonly name: string } | null;
    readonly topKCount: number;
    readonly candidateCount: number;
    readonly advancingCount: number;
  };
}

function ApprovedBadge({ step }: ApprovedBadgeProps) {
  return (
    <Group gap={6}>
      <Badge color="teal" variant="light" tt="none" size="lg" radius="sm" style={{ flexShrink: 0 }}>
        <StateIcon kind="done" /> Approved {step.approvedAt !== null && <RelativeTime at={step.approvedAt} />}
        {step.approvedBy && ` by ${step.approvedBy.name}`}
      </Badge>
      <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}>
        {step.advancingCount} of {step.candidateCount} advanced{" "}
        <Tip label="What advancing means">{advancingExplained(step)}</Tip>
      </Text>
    </Group>
  );
}
