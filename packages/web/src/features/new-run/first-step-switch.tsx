import { Switch, Text } from "@mantine/core";
import type { GatePolicy } from "../../gql/generated/graphql.ts";

interface FirstStepSwitchProps {
  /** Of step 1, as the pipeline has it. */
  readonly gate: GatePolicy;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

const OFF_WORDS = {
  AUTO: "Off: its gate opens by itself, and its best K advance when it is complete.",
  OPEN: "Off: it has no gate, and each of its candidates advances as soon as it is there.",
} as const;

/** Whether a person looks at what step 1 made; no question where the pipeline says that one does. */
export function FirstStepSwitch({ gate, checked, onChange }: FirstStepSwitchProps) {
  if (gate === "MANUAL") {
    return (
      <Text size="sm" c="dimmed">
        In this pipeline a person opens the first step's gate.
      </Text>
    );
  }
  return (
    <Switch
      label="Review the first step"
      description={`On: step 1 waits for a person. ${OFF_WORDS[gate]}`}
      checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
