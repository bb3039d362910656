import { Group, Text } from "@mantine/core";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { Tip } from "../../components/tip.tsx";
import { counted, percent } from "../../lib/words.ts";
import classes from "./voting.module.css";

interface VotingProgressProps {
  readonly topK: number;
  readonly progress: {
    readonly yourVotes: number;
    readonly pairsLeft: number;
    readonly candidatesWithEnoughVotes: number;
    readonly candidates: number;
    readonly topKConfidence: number;
    readonly confidenceLabel: string;
  };
}

/** How far one is, how far everybody is, and whether it is enough: of all candidates together, so that it stays blind. */
export function VotingProgress({ topK, progress }: VotingProgressProps) {
  const { yourVotes, pairsLeft, candidatesWithEnoughVotes, candidates, topKConfidence, confidenceLabel } = progress;
  return (
    <Group gap="md" justify="space-between" className={classes.progress ?? ""}>
      <div>
        <Text size="sm" c="dimmed" role="status">
          You have judged {counted(yourVotes, "pair")} here · {counted(pairsLeft, "pair")} left for you
        </Text>
        <Text size="sm" c="dimmed">
          {candidatesWithEnoughVotes} of {candidates} candidates {candidatesWithEnoughVotes === 1 ? "has" : "have"} 5 or
          more votes
        </Text>
      </div>
      {candidates > topK && (
        <div className={classes.confidence}>
          <Text size="sm">
            The cut at K={topK}: <strong>{confidenceLabel}</strong>, {percent(topKConfidence)} sure{" "}
            <Tip label="What the percentage means">
              The chance that the votes of everybody so far have found the true top {topK}. From 80 % it is Likely, from
              95 % it is Settled, and more votes would hardly change who advances.
            </Tip>
          </Text>
          <ProgressBar
            size="sm"
            value={topKConfidence * 100}
            color={topKConfidence >= 0.95 ? "teal" : "water"}
            label={`How sure the cut at K=${topK} is`}
            words={`${confidenceLabel}, ${percent(topKConfidence)} sure`}
          />
        </div>
      )}
    </Group>
  );
}

export function isSettled({ topKConfidence, candidates }: VotingProgressProps["progress"], topK: number): boolean {
  return candidates > topK && topKConfidence >= 0.95;
}
