import { Group, NumberInput, Slider, Text } from "@mantine/core";
import { Tip } from "../../components/tip.tsx";

interface KControlProps {
  readonly value: number;
  readonly max: number;
  readonly candidates: number;
  readonly disabled: boolean;
  readonly onChange: (topK: number) => void;
}

/** K by slider or by number: how many candidates advance. */
export function KControl({ value, max, candidates, disabled, onChange }: KControlProps) {
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        K, how many advance{" "}
        <Tip label="What K means">
          The K candidates with the highest Elo, over all parents, become the parents of the next step. K is a maximum:
          with fewer candidates than K, all of them advance.
        </Tip>
      </Text>
      <Group wrap="nowrap" gap="lg" align="center">
        <Slider
          style={{ flex: 1 }}
          min={1}
          max={max}
          step={1}
          value={value}
          onChange={onChange}
          disabled={disabled || max <= 1}
          thumbLabel="K"
          label={(k) => `K=${k}`}
        />
        <NumberInput
          aria-label="K"
          w={84}
          min={1}
          max={max}
          clampBehavior="strict"
          allowDecimal={false}
          allowNegative={false}
          value={value}
          disabled={disabled}
          onChange={(next) => {
            const wanted = Math.trunc(Number(next));
            if (wanted >= 1) onChange(Math.min(wanted, max));
          }}
        />
        <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}>
          of {candidates}
        </Text>
      </Group>
    </div>
  );
}
