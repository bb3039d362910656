import { Anchor, Badge, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Tip } from "../../components/tip.tsx";
import { useMay } from "../../lib/viewer.ts";
import { percent } from "../../lib/words.ts";

interface ConfidenceProps {
  readonly preview: {
    readonly topK: number;
    readonly topKConfidence: number;
    readonly confidenceLabel: string;
    readonly cutPair: {
      readonly inside: { readonly id: string };
      readonly outside: { readonly id: string };
      readonly chanceInsideIsBetter: number;
    } | null;
    readonly ranked: readonly { readonly rank: number; readonly candidate: { readonly id: string } }[];
  };
  /** The K that is chosen; while the preview has another one, new numbers are on their way. */
  readonly topK: number;
  /** What advances from it are the run's winners. */
  readonly lastStep: boolean;
  /** Where the pair at the cut can be judged. */
  readonly compare: { readonly runId: string; readonly stepId: string; readonly open: boolean };
}

function colorOf(confidence: number): string {
  if (confidence >= 0.95) return "teal";
  return confidence >= 0.8 ? "water" : "amber";
}

/** How sure the votes are about the cut, and where it is closest. */
export function Confidence({ preview, topK, lastStep, compare }: ConfidenceProps) {
  const mayVote = useMay("VOTE");
  const { topKConfidence, confidenceLabel, cutPair, ranked } = preview;
  const pending = preview.topK !== topK;
  if (topK >= ranked.length) {
    return (
      <Text size="sm" c="dimmed">
        {lastStep ? "All win" : "All advance"}; there is no cut. Votes change only their order.
      </Text>
    );
  }
  const place = ({ id }: { readonly id: string }) =>
    `#${ranked.find(({ candidate }) => candidate.id === id)?.rank ?? "?"}`;
  return (
    <Group gap="sm" style={{ opacity: pending ? 0.45 : 1, transition: "opacity 120ms" }} aria-busy={pending}>
      <Group gap={6}>
        <Badge color={colorOf(topKConfidence)} variant="light" size="lg" tt="none" radius="sm">
          {confidenceLabel} · {percent(topKConfidence)}
        </Badge>
        <Tip label="What the percentage means">
          The chance that exactly these candidates are the true top {preview.topK}, judging by the votes so far. Settled
          is 95 % or more, Likely 80 % or more; below that the cut is Provisional and more votes would help.
        </Tip>
      </Group>
      {cutPair && (
        <Text size="sm" c="dimmed">
          At the cut, {place(cutPair.inside)} is better than {place(cutPair.outside)} with a chance of{" "}
          {percent(cutPair.chanceInsideIsBetter)}
          {compare.open && mayVote && (
            <>
              {" · "}
              <Anchor
                renderRoot={(rootProps) => (
                  <Link
                    to="/runs/$runId/steps/$stepId/vote"
                    params={{ runId: compare.runId, stepId: compare.stepId }}
                    search={{ left: cutPair.inside.id, right: cutPair.outside.id }}
                    {...rootProps}
                  />
                )}
                inherit
              >
                Compare these two
              </Anchor>
            </>
          )}
        </Text>
      )}
    </Group>
  );
}
