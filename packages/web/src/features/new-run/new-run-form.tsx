import { Alert, Button, Group, NativeSelect, NumberInput, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { FragmentType } from "../../gql/generated/index.ts";
import type { Field } from "./field-errors.ts";
import { PipelineOutline, type PipelineOutline_PipelineFragment } from "./pipeline-outline.tsx";
import { useCreateRun } from "./use-create-run.ts";
import { parseVariables } from "./variables.ts";

type PipelineChoice = FragmentType<typeof PipelineOutline_PipelineFragment> & {
  readonly id: string;
  readonly name: string;
  readonly defaultN: number;
  readonly defaultK: number;
};

interface NewRunFormProps {
  readonly pipelines: readonly [PipelineChoice, ...PipelineChoice[]];
  /** Name of the pipeline to begin with, from the address. */
  readonly initial: string | undefined;
}

/** Everything a run starts with. N and K follow the pipeline until somebody changes them. */
export function NewRunForm({ pipelines, initial }: NewRunFormProps) {
  const navigate = useNavigate();
  const { create, working, problem } = useCreateRun();
  const [pipelineName, setPipelineName] = useState(initial);
  const [name, setName] = useState("");
  const [prompt, setPrompt] = useState("");
  const [children, setChildren] = useState<number>();
  const [topK, setTopK] = useState<number>();
  const [reviewFirstStep, setReviewFirstStep] = useState(false);
  const [variables, setVariables] = useState("");
  const [variablesWords, setVariablesWords] = useState<string>();

  const pipeline = pipelines.find((each) => each.name === pipelineName) ?? pipelines[0];
  const n = children ?? pipeline.defaultN;
  const k = topK ?? pipeline.defaultK;
  const errorAt = (field: Field) => (problem?.field === field ? problem.words : undefined);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const parsed = parseVariables(variables);
    if (!parsed.ok) return setVariablesWords(parsed.words);
    const runId = await create({
      pipeline: pipeline.name,
      prompt: prompt.trim(),
      maxChildrenPerNode: n,
      defaultTopK: k,
      reviewFirstStep,
      ...(name.trim() === "" ? {} : { name: name.trim() }),
      ...(parsed.value === undefined ? {} : { variables: parsed.value }),
    });
    if (runId !== undefined) await navigate({ to: "/runs/$runId", params: { runId } });
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate aria-label="New run">
      <Stack gap="md">
        <NativeSelect
          label="Pipeline"
          data={pipelines.map((each) => each.name)}
          value={pipeline.name}
          error={errorAt("pipeline")}
          onChange={(event) => setPipelineName(event.currentTarget.value)}
        />
        <PipelineOutline pipeline={pipeline} />
        <Textarea
          label="Prompt"
          description="What the candidates should be. Every step of the run is given it."
          autosize
          minRows={3}
          maxRows={12}
          value={prompt}
          error={errorAt("prompt")}
          onChange={(event) => setPrompt(event.currentTarget.value)}
        />
        <TextInput
          label="Name (optional)"
          description="Without one, Sluice names the run."
          value={name}
          error={errorAt("name")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <NumberInput
            label="N, children per parent"
            description="How many candidates each parent gets."
            min={1}
            allowDecimal={false}
            value={n}
            error={errorAt("maxChildrenPerNode")}
            onChange={(value) => setChildren(value === "" ? undefined : Number(value))}
          />
          <NumberInput
            label="K, candidates that advance"
            description="Proposed at each approval; you can choose another there."
            min={1}
            allowDecimal={false}
            value={k}
            error={errorAt("defaultTopK")}
            onChange={(value) => setTopK(value === "" ? undefined : Number(value))}
          />
        </Group>
        <Switch
          label="Review the first step"
          description="On: step 1 waits for a person like every other step. Off: it is approved at once, and its best K advance when it is complete."
          checked={reviewFirstStep}
          onChange={(event) => setReviewFirstStep(event.currentTarget.checked)}
        />
        <Textarea
          label="Variables (optional)"
          description={'One JSON object for the generators, such as { "season": "autumn" }.'}
          autosize
          minRows={2}
          maxRows={12}
          value={variables}
          error={variablesWords ?? errorAt("variables")}
          onChange={(event) => {
            setVariables(event.currentTarget.value);
            // Not on blur: the words would leave between pressing "Start run" and letting go, and move it away.
            setVariablesWords(undefined);
          }}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          spellCheck={false}
        />
        {problem && problem.field === undefined && (
          <Alert color="red" role="alert" title="The run was not started">
            {problem.words}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={working}>
            Start run
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
