import { Badge, Button, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type Decider, decidedHow } from "../../components/decided-how.ts";
import { RelativeTime } from "../../components/relative-time.tsx";
import { StateIcon, type StateIconKind } from "../../components/state-icon.tsx";
import { stepAction } from "../../components/step-status.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { useMay } from "../../lib/viewer.ts";
import { counted } from "../../lib/words.ts";

export const StepDecision_StepFragment = graphql(`
  fragment StepDecision_Step on RunStep {
    id
    position
    status
    gate
    approvedAt
    approvedBy {
      id
      name
    }
    decision {
      id
      channel
      decidedAt
      decidedBy {
        id
        name
      }
    }
    pendingApproval {
      id
      ...SignOffs_Approval
    }
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
  const mayVote = useMay("VOTE");
  const mayDecide = useMay("DECIDE");
  const canVote = mayVote && step.votingOpen && runActive && step.candidateCount > 1;
  return (
    <Group gap="xs">
      {step.votesCast > 0 && (
        <Text size="sm" c="dimmed">
          {counted(step.votesCast, "pair judged", "pairs judged")}
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
      {action === "approve" && mayDecide && (
        <Button size="xs" onClick={onOpenApproval}>
          Approve Step {step.position}
        </Button>
      )}
      {(action === "preview" || (action === "approve" && !mayDecide)) && (
        <Button
          size="xs"
          variant="default"
          onClick={onOpenApproval}
          aria-label={`Preview approval of step ${step.position}`}
        >
          Preview approval
        </Button>
      )}
      {step.status === "APPROVED" && (
        <Verdict
          color="teal"
          icon="done"
          how={{ decidedBy: step.approvedBy, channel: step.decision?.channel ?? null }}
          at={step.approvedAt}
          more={` · ${step.advancingCount} advancing`}
        >
          Approved
        </Verdict>
      )}
      {step.status === "REJECTED" && (
        <Verdict
          color="red"
          icon="stopped"
          how={step.decision ?? { decidedBy: null, channel: null }}
          at={step.decision?.decidedAt ?? null}
        >
          Rejected
        </Verdict>
      )}
    </Group>
  );
}

interface VerdictProps {
  readonly color: string;
  readonly icon: StateIconKind;
  readonly how: Decider;
  readonly at: string | null;
  readonly more?: string;
  readonly children: string;
}

/** What was decided and when, and by whom. */
function Verdict({ color, icon, how, at, more = "", children }: VerdictProps) {
  return (
    <Group gap={6}>
      <Badge
        color={color}
        variant="light"
        tt="none"
        size="lg"
        radius="sm"
        // On a phone it takes two lines rather than lose its end.
        styles={{
          root: { flexShrink: 0, height: "auto", minHeight: "var(--badge-height)" },
          label: { whiteSpace: "normal" },
        }}
      >
        <StateIcon kind={icon} /> {children} {at !== null && <RelativeTime at={at} />}
        {more}
      </Badge>
      <Text size="sm" c="dimmed">
        {decidedHow(how)}
      </Text>
    </Group>
  );
}
