import { Alert, Button, Group, List, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { StateIcon } from "../../components/state-icon.tsx";
import type { GateDecision } from "../../gql/generated/graphql.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { runTitle } from "../../lib/run-title.ts";
import { counted } from "../../lib/words.ts";
import classes from "./inbox.module.css";
import { type BulkResult, useBulk } from "./use-bulk.ts";

export const BulkDialog_ApprovalFragment = graphql(`
  fragment BulkDialog_Approval on Approval {
    id
    requiredSignOffs
    run {
      id
      number
      name
      prompt
      pipeline {
        id
        name
      }
    }
    step {
      id
      position
      name
      topKCount
    }
  }
`);

type ApprovalRef = FragmentType<typeof BulkDialog_ApprovalFragment>;

interface BulkDialogProps {
  readonly decision: GateDecision;
  readonly approvals: readonly ApprovalRef[];
  readonly onClose: () => void;
  /** The approvals that need no further attention. */
  readonly onDecided: (approvalIds: readonly string[]) => void;
}

/** Several gates with one comment. What came of each is shown before the dialog closes. */
export function BulkDialog({ decision, approvals: refs, onClose, onDecided }: BulkDialogProps) {
  // What was chosen when this opened: the list behind it goes on changing.
  const [approvals] = useState(() => refs.map((ref) => readFragment(BulkDialog_ApprovalFragment, ref)));
  const [comment, setComment] = useState("");
  const { decide, results, words, working } = useBulk();
  const approving = decision === "APPROVE";
  const gates = counted(approvals.length, "gate");
  const title = `${approving ? "Approve" : "Reject"} ${gates}`;

  const confirm = async () => {
    const answered = await decide({ approvalIds: approvals.map(({ id }) => id), decision, comment });
    onDecided((answered ?? []).filter((result) => !isOpen(result)).map(({ approvalId }) => approvalId));
  };

  return (
    <Modal opened onClose={onClose} title={results ? "What came of it" : `${title}?`} size="lg" centered>
      <Stack>
        {!results && (
          <Text size="sm">
            {approving
              ? "Each step is approved with its own K, for the ranking as it is then. Decisions are final."
              : "Each of these runs ends: nothing of it goes on, and it cannot be taken up again."}
          </Text>
        )}
        <List listStyleType="none" spacing={6} aria-label={results ? "Results" : "Gates"}>
          {approvals.map((approval) => (
            <List.Item key={approval.id}>
              <Text size="sm" fw={600} component="div">
                Run #{approval.run.number}, step {approval.step.position}: {approval.step.name}
                {!results && approving && (
                  <Text span size="sm" c="dimmed" fw={400}>
                    {` · K=${approval.step.topKCount}`}
                    {approval.requiredSignOffs > 1 && ` · takes ${approval.requiredSignOffs} people`}
                  </Text>
                )}
              </Text>
              <Text size="sm" c="dimmed">
                {runTitle(approval.run)}
              </Text>
              {results && (
                <Outcome result={results.find((each) => each.approvalId === approval.id)} decision={decision} />
              )}
            </List.Item>
          ))}
        </List>
        <div className={classes.footer}>
          {!results && (
            <Textarea
              label="Comment for all of them (optional)"
              autosize
              minRows={2}
              maxRows={6}
              value={comment}
              data-autofocus
              onChange={(event) => setComment(event.currentTarget.value)}
            />
          )}
          {words !== undefined && (
            <Alert color="red" role="alert" title="Nothing was decided">
              {words}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {results ? "Close" : "Cancel"}
            </Button>
            {!results && (
              <Button {...(approving ? {} : { color: "red" })} loading={working} onClick={() => void confirm()}>
                {title}
              </Button>
            )}
          </Group>
        </div>
      </Stack>
    </Modal>
  );
}

interface OutcomeProps {
  readonly result: BulkResult | undefined;
  readonly decision: GateDecision;
}

function Outcome({ result, decision }: OutcomeProps) {
  if (result === undefined) return null;
  const failed = isOpen(result);
  return (
    <Text size="sm" component="div" {...(failed ? { c: "var(--sluice-danger)", role: "alert" } : {})}>
      <StateIcon kind={failed ? "stopped" : "done"} size={14} /> {wordsFor(result, decision)}
    </Text>
  );
}

/** Somebody has to look at it again. */
function isOpen({ outcome }: BulkResult): boolean {
  return outcome === "FAILED" || outcome === "UNKNOWN";
}

function wordsFor({ outcome, error }: BulkResult, decision: GateDecision): string {
  switch (outcome) {
    case "DECIDED":
      return decision === "APPROVE" ? "Approved" : "Rejected";
    case "SIGNED_OFF":
      return "Signed off: it takes more people";
    case "FAILED":
      // Each gate has its own reason why not to wait, so it is given where the gate is looked at.
      if (error?.__typename === "PolicyUnmetError") {
        return [...error.unmet, "Open it to approve it with a reason for not waiting."].join(" ");
      }
      return error?.message ?? "It was not decided. Try it alone.";
    case "UNKNOWN":
      return error?.message ?? "It is not known whether it was decided. Open it to see.";
    default:
      return outcome satisfies never;
  }
}
