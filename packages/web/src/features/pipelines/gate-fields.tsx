import { Stack, Switch, TagsInput, Text, TextInput } from "@mantine/core";
import { ROLE_NAMES } from "../../lib/roles.ts";
import type { FormStep } from "./form-document.ts";
import { NumberField } from "./number-field.tsx";
import classes from "./pipelines.module.css";

interface GateFieldsProps {
  readonly step: FormStep;
  /** A person opens the gate: what a policy says then counts. */
  readonly opensByHand: boolean;
  readonly set: (key: string, value: unknown) => void;
}

/** Who may decide a step's gate, on what evidence, and how long and how often is too much. */
export function GateFields({ step, opensByHand, set }: GateFieldsProps) {
  return (
    <Stack gap="sm" pt="xs">
      {opensByHand ? (
        <>
          <TagsInput
            label="Who may decide"
            description="People, email addresses, or roles. Nobody named: everybody who may approve."
            data={ROLE_NAMES}
            value={[...step.approvers]}
            onChange={(value) => set("approvers", value)}
          />
          <Switch
            label="Not whoever created the run"
            checked={step.excludeCreator}
            onChange={(event) => set("exclude_creator", event.currentTarget.checked || undefined)}
          />
          <div className={classes.numbers}>
            <NumberField
              label="People who approve"
              placeholder="1"
              value={step.quorum}
              onChange={(value) => set("quorum", value)}
            />
            <NumberField
              label="Votes per candidate"
              placeholder="none needed"
              value={step.minVotes}
              onChange={(value) => set("min_votes", value)}
            />
            <NumberField
              label="Confidence, 0 to 1"
              placeholder="none needed"
              step={0.05}
              value={step.minConfidence}
              onChange={(value) => set("min_confidence", value)}
            />
          </div>
        </>
      ) : (
        <Text size="sm" c="dimmed">
          Nobody is asked at this gate. Who may decide is a matter of gates that a person opens.
        </Text>
      )}
      <div className={classes.numbers}>
        <TextInput
          label="Alert after"
          description="Such as 30m, 4h or 2d."
          placeholder="24h"
          value={step.stallAfter ?? ""}
          onChange={(event) => set("stall_after", event.currentTarget.value)}
        />
        {step.type !== "approval" && (
          <NumberField
            label="Failed attempts"
            description="More end the step's work."
            placeholder="12"
            value={step.failureBudget}
            onChange={(value) => set("failure_budget", value)}
          />
        )}
      </div>
    </Stack>
  );
}
