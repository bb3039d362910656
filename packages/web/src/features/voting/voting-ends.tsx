import { Alert, Button, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { useMay } from "../../lib/viewer.ts";

interface StepLink {
  readonly runId: string;
  readonly stepId: string;
  readonly position: number;
}

interface ApprovalLinkProps extends StepLink {
  /** One way among others, rather than what to do next. */
  readonly quiet?: boolean;
}

/** To the decision, for those who may take it; for others to see what it would be. */
export function ApprovalLink({ runId, stepId, position, quiet = false }: ApprovalLinkProps) {
  const mayDecide = useMay("DECIDE") && !quiet;
  return (
    <Button
      renderRoot={(rootProps) => (
        <Link to="/runs/$runId" params={{ runId }} search={{ approve: stepId }} {...rootProps} />
      )}
      size="xs"
      variant={mayDecide ? "filled" : "default"}
    >
      {mayDecide ? `Go to the approval of step ${position}` : "Preview approval"}
    </Button>
  );
}

/** More votes would hardly change anything. */
export function Enough(props: StepLink) {
  return (
    <Alert color="teal" variant="light" role="status" p="xs" px="sm">
      <Group justify="space-between" gap="xs">
        Enough: the cut is settled. More votes would hardly change who advances.
        <ApprovalLink {...props} />
      </Group>
    </Alert>
  );
}

interface AllJudgedProps extends StepLink {
  readonly undoable: boolean;
  readonly candidates: number;
  readonly onUndo: () => void;
}

/** After the last pair: what to do next. */
export function AllJudged({ undoable, candidates, onUndo, ...step }: AllJudgedProps) {
  if (candidates < 2) {
    return (
      <EmptyPanel title="Nothing to compare yet">
        The first pair appears by itself once the step has two candidates.
      </EmptyPanel>
    );
  }
  return (
    <EmptyPanel
      title="You have judged every pair"
      action={
        <Group justify="center">
          {undoable && (
            <Button variant="default" size="xs" onClick={onUndo}>
              Undo last vote
            </Button>
          )}
          <Button
            renderRoot={(rootProps) => <Link to="/runs/$runId" params={{ runId: step.runId }} {...rootProps} />}
            variant="default"
            size="xs"
          >
            Back to the run
          </Button>
          <ApprovalLink {...step} />
        </Group>
      }
    >
      Thank you. If new candidates arrive, the next pair appears here by itself.
    </EmptyPanel>
  );
}
