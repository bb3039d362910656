import { Alert, Button, Group, NativeSelect, Paper, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import type { KnownNames } from "./completions.ts";
import { addStep, setValue } from "./edit-document.ts";
import { readForm, type StepType } from "./form-document.ts";
import { NumberField } from "./number-field.tsx";
import classes from "./pipelines.module.css";
import { StepList } from "./step-list.tsx";

interface PipelineFormProps {
  /** The document. */
  readonly text: string;
  readonly names: KnownNames;
  readonly readOnly: boolean;
  readonly onChange: (text: string) => void;
}

/** The document as fields, for people who do not write YAML. What is changed here is changed there, and nothing else is. */
export function PipelineForm({ text, names, readOnly, onChange }: PipelineFormProps) {
  const [chosen, setChosen] = useState(0);
  const form = readForm(text);
  if (!form.ok) {
    return (
      <Alert color="gray" title="The form waits for the YAML">
        {form.words}
        {form.line !== undefined && ` Look at line ${form.line}.`} Once it is mended, the fields are back.
      </Alert>
    );
  }
  const index = Math.min(chosen, form.pipelines.length - 1);
  const pipeline = form.pipelines[index];
  if (!pipeline) return null;
  const set = (key: readonly string[], value: unknown) => onChange(setValue(text, ["pipelines", index, ...key], value));
  const stepNames = { generator: names.generators[0] ?? "grammar", agent: names.agents[0] ?? "" };
  const add = (type: StepType) => onChange(addStep(text, index, type, stepNames));
  return (
    <fieldset
      disabled={readOnly}
      style={{ margin: 0, padding: 0, border: 0, minWidth: 0 }}
      aria-label="Pipeline as a form"
    >
      <Stack gap="md">
        {form.pipelines.length > 1 && (
          <NativeSelect
            label="Pipeline of the document"
            data={form.pipelines.map(({ name }, at) => ({ value: String(at), label: name || `Pipeline ${at + 1}` }))}
            value={String(index)}
            onChange={(event) => setChosen(Number(event.currentTarget.value))}
          />
        )}
        <Paper withBorder radius="lg" p="md">
          <Stack gap="sm">
            <TextInput
              label="Name"
              required
              value={pipeline.name}
              onChange={(event) => set(["name"], event.currentTarget.value)}
            />
            <Textarea
              label="Description"
              autosize
              minRows={1}
              maxRows={8}
              value={pipeline.description ?? ""}
              onChange={(event) => set(["description"], event.currentTarget.value)}
            />
            <div className={classes.numbers}>
              <NumberField
                label="N"
                description="Children per parent."
                placeholder="3"
                value={pipeline.n}
                onChange={(value) => set(["defaults", "n"], value)}
              />
              <NumberField
                label="K"
                description="How many advance."
                placeholder="3"
                value={pipeline.k}
                onChange={(value) => set(["defaults", "k"], value)}
              />
              <NumberField
                label="Cost limit, dollars"
                description="Of a run."
                placeholder="none"
                value={pipeline.maxCost}
                onChange={(value) => set(["defaults", "max_cost"], value)}
              />
              <NumberField
                label="Attempts"
                description="Of a run, failed ones counted."
                placeholder="any"
                value={pipeline.maxJobs}
                onChange={(value) => set(["defaults", "max_jobs"], value)}
              />
            </div>
          </Stack>
        </Paper>
        <Title order={2} size="h5">
          Steps
        </Title>
        {pipeline.steps.length === 0 && <Text size="sm">There is no step yet. Add the first one.</Text>}
        <StepList
          text={text}
          pipeline={index}
          steps={pipeline.steps}
          names={names}
          stepNames={stepNames}
          onChange={onChange}
        />
        {!readOnly && (
          <Group gap="xs" role="group" aria-label="Add a step">
            <Button size="xs" variant="default" onClick={() => add("generate")}>
              Add a generate step
            </Button>
            <Button size="xs" variant="default" disabled={names.agents.length === 0} onClick={() => add("agent")}>
              Add an agent step
            </Button>
            <Button size="xs" variant="default" disabled={pipeline.steps.length === 0} onClick={() => add("approval")}>
              Add an approval
            </Button>
          </Group>
        )}
      </Stack>
    </fieldset>
  );
}
