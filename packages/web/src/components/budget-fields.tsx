import { NumberInput, SimpleGrid } from "@mantine/core";
import type { TypedNumber } from "../lib/typed-number.ts";

interface BudgetFieldsProps {
  readonly maxCostUsd: TypedNumber;
  readonly maxJobs: TypedNumber;
  readonly onMaxCostUsd: (value: TypedNumber) => void;
  readonly onMaxJobs: (value: TypedNumber) => void;
  readonly costProblem?: string | undefined;
  readonly jobsProblem?: string | undefined;
}

/** What a run may spend; an empty field sets no limit. */
export function BudgetFields({ maxCostUsd, maxJobs, onMaxCostUsd, onMaxJobs, ...problems }: BudgetFieldsProps) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="md">
      <NumberInput
        label="Cost limit in dollars (optional)"
        description="Nothing new is begun once this is spent."
        prefix="$"
        min={0}
        decimalScale={4}
        clampBehavior="none"
        value={maxCostUsd}
        error={problems.costProblem}
        onChange={onMaxCostUsd}
      />
      <NumberInput
        label="Attempts (optional)"
        description="How many may be begun, failed ones counted."
        min={1}
        clampBehavior="none"
        value={maxJobs}
        error={problems.jobsProblem}
        onChange={onMaxJobs}
      />
    </SimpleGrid>
  );
}
