import { Badge, Checkbox, Text, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useId } from "react";
import { RelativeTime } from "../../components/relative-time.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { runTitle } from "../../lib/run-title.ts";
import { counted } from "../../lib/words.ts";
import classes from "./inbox.module.css";

export const InboxRow_ApprovalFragment = graphql(`
  fragment InboxRow_Approval on Approval {
    id
    stalled
    requestedAt
    round
    requiredSignOffs
    mayDecide
    whyNot
    signOffs {
      counts
      actor {
        id
        name
      }
    }
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
      candidateCount
    }
  }
`);

interface InboxRowProps {
  readonly approval: FragmentType<typeof InboxRow_ApprovalFragment>;
  readonly selected: boolean;
  readonly onSelect: (selected: boolean) => void;
}

/** One gate that waits. The row leads to its decision; the box beside it takes it into a decision about several. */
export function InboxRow({ approval: ref, selected, onSelect }: InboxRowProps) {
  const approval = readFragment(InboxRow_ApprovalFragment, ref);
  const { run, step, stalled, whyNot } = approval;
  const title = `Run #${run.number}, step ${step.position}: ${step.name}`;
  const id = useId();
  return (
    <li className={classes.row} data-stalled={stalled || undefined}>
      <Checkbox
        className={classes.box}
        aria-label={`Select ${title}`}
        checked={selected}
        disabled={!approval.mayDecide}
        onChange={(event) => onSelect(event.currentTarget.checked)}
      />
      <UnstyledButton
        renderRoot={(rootProps) => (
          <Link to="/runs/$runId" params={{ runId: run.id }} search={{ approve: step.id }} {...rootProps} />
        )}
        className={classes.link}
        aria-label={title}
        aria-describedby={`${id}-marks ${id}-age ${id}-why-not`}
      >
        <div className={classes.what}>
          <Text fw={600} truncate>
            Step {step.position}: {step.name}
            {approval.round > 1 && ` · round ${approval.round}`}
          </Text>
          <Text size="sm" c="dimmed" truncate>
            #{run.number} {runTitle(run)}
          </Text>
          {whyNot !== null && (
            <Text id={`${id}-why-not`} size="sm" c="dimmed" mt={2}>
              {whyNot}
            </Text>
          )}
        </div>
        <div id={`${id}-marks`} className={classes.marks}>
          {stalled && (
            <Badge color="red" variant="light" tt="none" radius="sm">
              Stalled
            </Badge>
          )}
          {approval.requiredSignOffs > 1 && <SignOffCount {...approval} />}
          <Text size="sm" span>
            {cutWords(step)}
          </Text>
        </div>
        <Text id={`${id}-age`} size="sm" c={stalled ? "var(--sluice-danger)" : "dimmed"} className={classes.age}>
          asked <RelativeTime at={approval.requestedAt} />
        </Text>
      </UnstyledButton>
    </li>
  );
}

/** How many go on of how many: "K=2 of 6 candidates". */
function cutWords({ topKCount, candidateCount }: { readonly topKCount: number; readonly candidateCount: number }) {
  if (candidateCount === 0) return "Approval";
  const of = counted(candidateCount, "candidate");
  if (candidateCount === 1) return of;
  return topKCount >= candidateCount ? `all ${of}` : `K=${topKCount} of ${of}`;
}

interface SignOffCountProps {
  readonly requiredSignOffs: number;
  readonly signOffs: readonly { readonly counts: boolean; readonly actor: { readonly name: string } }[];
}

function SignOffCount({ requiredSignOffs, signOffs }: SignOffCountProps) {
  const counting = signOffs.filter(({ counts }) => counts);
  const names = counting.map(({ actor }) => actor.name).join(", ");
  return (
    <Badge color="water" variant="light" tt="none" radius="sm" title={names}>
      {counting.length} of {requiredSignOffs} signed off
    </Badge>
  );
}
