import { Group, NumberInput, Slider, Text } from "@mantine/core";
import { Tip } from "../../components/tip.tsx";
import { problemOfK, type TypedNumber } from "../../lib/typed-number.ts";

interface KControlProps {
  /** What stands in the number field, right or wrong. */
  readonly typed: TypedNumber;
  /** The last K that was right: where the slider is. */
  readonly topK: number;
  readonly candidates: number;
  readonly disabled: boolean;
  /** What advances from it are the run's winners. */
  readonly lastStep: boolean;
  readonly onChange: (typed: TypedNumber) => void;
}

/** K by slider or by number: how many candidates advance. The slider ends where all do; the number may be more. */
export function KControl({ typed, topK, candidates, disabled, lastStep, onChange }: KControlProps) {
  const max = Math.max(candidates, 1);
  const problem = disabled ? undefined : problemOfK(typed);
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {lastStep ? "K, how many win" : "K, how many advance"}{" "}
        <Tip label="What K means">
          The K candidates with the highest Elo, over all parents, become{" "}
          {lastStep ? "the winners of the run" : "the parents of the next step"}. K is a maximum: with fewer candidates
          than K, all of them {lastStep ? "win" : "advance"}.
        </Tip>
      </Text>
      <Group wrap="nowrap" gap="lg" align="center">
        <Slider
          style={{ flex: 1 }}
          min={1}
          max={max}
          step={1}
          value={Math.min(topK, max)}
          onChange={onChange}
          disabled={disabled || max <= 1}
          thumbLabel="K"
          label={(k) => `K=${k}`}
        />
        <NumberInput
          aria-label="K"
          w={84}
          min={1}
          clampBehavior="none"
          value={typed}
          disabled={disabled}
          error={problem !== undefined}
          onChange={onChange}
        />
        <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}>
          {candidates > 0 && topK >= candidates
            ? `All ${candidates} ${lastStep ? "win" : "advance"}`
            : `of ${candidates}`}
        </Text>
      </Group>
      {problem !== undefined && (
        <Text size="sm" c="var(--sluice-danger)" mt={4} role="alert">
          {problem}
        </Text>
      )}
    </div>
  );
}
