import { Text } from "@mantine/core";
import type { Advancement, CandidateStatus } from "../gql/generated/graphql.ts";
import { StateIcon, type StateIconKind } from "./state-icon.tsx";

interface Look {
  readonly icon: StateIconKind;
  readonly words: string;
  readonly color: string;
}

interface AdvancementBadgeProps {
  readonly status: CandidateStatus;
  readonly advancement: Advancement;
  /** In the last step there is nothing to advance to: who advances has won. */
  readonly lastStep: boolean;
}

/** What became of a candidate, in the words used everywhere; nothing while it is undecided. */
export function AdvancementBadge(props: AdvancementBadgeProps) {
  const look = lookOf(props);
  if (!look) return null;
  return (
    <Text size="xs" lh={1.3} c={look.color} fw={500}>
      <StateIcon kind={look.icon} size={14} /> {look.words}
    </Text>
  );
}

/** The badge's words; undefined while it is undecided. */
export function advancementWords(props: AdvancementBadgeProps): string | undefined {
  return lookOf(props)?.words;
}

function lookOf({ status, advancement, lastStep }: AdvancementBadgeProps): Look | undefined {
  if (status === "REJECTED") return { icon: "stopped", words: "Rejected", color: "var(--mantine-color-red-text)" };
  switch (advancement) {
    case "ADVANCING":
      return {
        icon: "done",
        words: lastStep ? "Winner" : "Advancing to next step",
        color: "var(--sluice-good)",
      };
    case "NOT_ADVANCING":
      return { icon: "paused", words: "Not advancing (below top-K)", color: "dimmed" };
    case "UNDECIDED":
      return undefined;
    default:
      return advancement satisfies never;
  }
}
