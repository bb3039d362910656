import {
  ActionIcon,
  Button,
  Collapse,
  Group,
  NativeSelect,
  Paper,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type KeyboardEvent, useId } from "react";
import type { KnownNames } from "./completions.ts";
import { type NewStepNames, setStepType, setValue } from "./edit-document.ts";
import type { FormStep, StepType } from "./form-document.ts";
import { GateFields } from "./gate-fields.tsx";
import { NumberField } from "./number-field.tsx";
import classes from "./pipelines.module.css";
import { CrossIcon, DownIcon, UpIcon } from "./step-icons.tsx";

interface StepCardProps {
  /** The document. */
  readonly text: string;
  /** The pipeline's index in it. */
  readonly pipeline: number;
  readonly step: FormStep;
  /** How many steps there are. */
  readonly count: number;
  readonly names: KnownNames;
  readonly stepNames: NewStepNames;
  readonly onChange: (text: string) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

const TYPES = [
  { value: "generate", label: "Generate candidates" },
  { value: "agent", label: "An agent works" },
  { value: "approval", label: "Approval by a person" },
] as const satisfies readonly { value: StepType; label: string }[];

/** What a gate does where the step says nothing of it. */
function usualGate({ type, position }: FormStep): "manual" | "auto" | "open" {
  if (type === "agent") return "open";
  return type === "generate" && position === 1 ? "auto" : "manual";
}

const GATES = {
  manual: "A person opens the gate",
  auto: "The gate opens by itself",
  open: "No gate: all advance",
} as const;

/** One step as fields. */
export function StepCard(props: StepCardProps) {
  const { text, pipeline, step, count, names, stepNames, onChange, onMove, onRemove } = props;
  const [more, { toggle }] = useDisclosure(false);
  const id = useId();
  const { position, type } = step;
  const title = step.name ?? step.agent ?? (type === "approval" ? "Approval" : "");
  const called = `step ${position}${title === "" ? "" : `, ${title}`}`;
  const set = (key: string, value: unknown) =>
    onChange(setValue(text, ["pipelines", pipeline, "steps", position - 1, key], value));
  const usual = usualGate(step);
  const opensByHand = type === "approval" || (step.gate ?? usual) === "manual";

  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    onMove(event.key === "ArrowUp" ? -1 : 1);
  };

  return (
    <Paper
      component="li"
      withBorder
      radius="lg"
      p="md"
      data-position={position}
      onKeyDown={onKeyDown}
      aria-label={called}
    >
      <Group justify="space-between" wrap="nowrap" mb="xs" gap="xs">
        <Text fw={600} size="sm" truncate>
          {position}. {title}
        </Text>
        <Group gap={4} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            data-control="up"
            disabled={position === 1}
            aria-label={`Move ${called}, up`}
            onClick={() => onMove(-1)}
          >
            <UpIcon />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            data-control="down"
            disabled={position === count}
            aria-label={`Move ${called}, down`}
            onClick={() => onMove(1)}
          >
            <DownIcon />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="red"
            data-control="remove"
            aria-label={`Remove ${called}`}
            onClick={onRemove}
          >
            <CrossIcon />
          </ActionIcon>
        </Group>
      </Group>
      <Stack gap="sm">
        <div className={classes.fields}>
          <NativeSelect
            label="Type"
            data={TYPES}
            value={type}
            onChange={(event) =>
              onChange(setStepType(text, pipeline, position - 1, event.currentTarget.value as StepType, stepNames))
            }
          />
          {type === "generate" && (
            <NativeSelect
              label="Generator"
              data={choices(names.generators, step.generator)}
              value={step.generator ?? ""}
              onChange={(event) => set("generator", event.currentTarget.value)}
            />
          )}
          {type === "agent" && (
            <NativeSelect
              label="Agent"
              data={choices(names.agents, step.agent)}
              value={step.agent ?? ""}
              onChange={(event) => set("agent", event.currentTarget.value)}
            />
          )}
        </div>
        <TextInput
          label="Step name"
          required={type === "generate"}
          placeholder={type === "agent" ? step.agent : "Approval"}
          value={step.name ?? ""}
          // A generate step has to have one: emptied, the key stays for the next word.
          onChange={(event) =>
            set("name", event.currentTarget.value === "" && type !== "generate" ? undefined : event.currentTarget.value)
          }
        />
        <Textarea
          label={type === "approval" ? "What to look at" : "What it is for"}
          autosize
          minRows={1}
          maxRows={8}
          value={step.description ?? ""}
          onChange={(event) => set("description", event.currentTarget.value)}
        />
        <div className={classes.numbers}>
          {type !== "approval" && (
            <NumberField
              label="N"
              placeholder={type === "agent" ? "1" : "the run's"}
              value={step.n}
              onChange={(value) => set("n", value)}
            />
          )}
          <NumberField label="K" placeholder="the run's" value={step.k} onChange={(value) => set("k", value)} />
        </div>
        {type !== "approval" && (
          <NativeSelect
            label="Gate"
            data={[
              { value: "", label: `As usual: ${GATES[usual].toLowerCase()}` },
              ...Object.entries(GATES).map(([value, label]) => ({ value, label })),
            ]}
            value={step.gate ?? ""}
            onChange={(event) => set("gate", event.currentTarget.value)}
          />
        )}
        <div>
          <Button
            size="compact-sm"
            variant="subtle"
            aria-expanded={more}
            aria-controls={id}
            aria-label={`Who decides and limits of ${called}`}
            onClick={toggle}
          >
            {more ? "Hide" : "Show"} who decides, and limits
          </Button>
          <Collapse expanded={more} id={id}>
            <GateFields step={step} opensByHand={opensByHand} set={set} />
          </Collapse>
        </div>
      </Stack>
    </Paper>
  );
}

/** The names that there are, and the one that is written where it is none of them. */
function choices(known: readonly string[], current: string | undefined) {
  const data = known.map((name) => ({ value: name, label: name }));
  if (current !== undefined && current !== "" && known.includes(current)) return data;
  return [{ value: current ?? "", label: current ? `${current} (not here)` : "Choose one" }, ...data];
}
