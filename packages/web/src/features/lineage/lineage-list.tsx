import { Text, UnstyledButton } from "@mantine/core";
import { counted } from "../../lib/words.ts";
import { familiesOf } from "./layout.ts";
import classes from "./lineage.module.css";
import { STANDING_WORDS } from "./standing.ts";
import type { TreeCandidate } from "./tree.ts";

interface LineageListProps {
  readonly tree: readonly TreeCandidate[];
  readonly label: string;
  readonly onOpen: (id: string) => void;
}

/** The same tree as lists in lists: for screen readers, for searching in the page, and for narrow screens. */
export function LineageList({ tree, label, onOpen }: LineageListProps) {
  const families = familiesOf(tree);
  return <Family members={families.get(null) ?? []} families={families} label={label} onOpen={onOpen} />;
}

interface FamilyProps {
  readonly members: readonly TreeCandidate[];
  readonly families: ReadonlyMap<string | null, readonly TreeCandidate[]>;
  readonly label: string;
  readonly onOpen: (id: string) => void;
}

function Family({ members, families, label, onOpen }: FamilyProps) {
  return (
    <ul className={classes.family} aria-label={label}>
      {members.map((candidate) => (
        <li key={candidate.id}>
          <UnstyledButton className={classes.member} onClick={() => onOpen(candidate.id)}>
            <Text span size="sm" fw={600}>
              Candidate {candidate.label}
            </Text>
            <Text span size="sm" c={candidate.goesOn ? "var(--sluice-good)" : "dimmed"}>
              {` ${STANDING_WORDS[candidate.standing]}`}
            </Text>
            <Text span size="sm" c="dimmed">
              {` · ${factsOf(candidate)}`}
            </Text>
          </UnstyledButton>
          {candidate.childCount > 0 && (
            <Family
              members={families.get(candidate.id) ?? []}
              families={families}
              label={`Made from ${candidate.label}`}
              onOpen={onOpen}
            />
          )}
        </li>
      ))}
    </ul>
  );
}

/** "Step 2: Colour · 1043 Elo · 7 votes · 3 children" */
export function factsOf({ step, round, elo, voteCount, childCount }: TreeCandidate): string {
  return [
    `Step ${step.position}: ${step.name}`,
    round > 1 && `round ${round}`,
    `${Math.round(elo)} Elo`,
    counted(voteCount, "vote"),
    childCount > 0 && counted(childCount, "child", "children"),
  ]
    .filter((part) => part !== false)
    .join(" · ");
}
