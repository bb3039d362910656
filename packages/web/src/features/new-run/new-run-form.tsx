import {
  Alert,
  Button,
  Group,
  NativeSelect,
  NumberInput,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { BudgetFields } from "../../components/budget-fields.tsx";
import type { GatePolicy, StepKind } from "../../gql/generated/graphql.ts";
import type { FragmentType } from "../../gql/generated/index.ts";
import {
  limitOf,
  MAX_N,
  problemOfK,
  problemOfMaxCost,
  problemOfMaxJobs,
  problemOfN,
  type TypedNumber,
} from "../../lib/typed-number.ts";
import { useDraft } from "../../lib/use-draft.ts";
import type { Field } from "./field-errors.ts";
import { ownN, PipelineOutline, type PipelineOutline_PipelineFragment } from "./pipeline-outline.tsx";
import { useCreateRun } from "./use-create-run.ts";
import { parseVariables } from "./variables.ts";

type PipelineChoice = FragmentType<typeof PipelineOutline_PipelineFragment> & {
  readonly id: string;
  readonly name: string;
  readonly defaultN: number;
  readonly defaultK: number;
  readonly steps: readonly {
    readonly gate: GatePolicy;
    readonly kind: StepKind;
    readonly maxChildren: number | null;
  }[];
  readonly approvalTemplates: readonly { readonly name: string; readonly description: string | null }[];
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
  const [templateName, setTemplateName] = useState("");
  const [name, setName, clearName] = useDraft("new run name", "");
  const [prompt, setPrompt, clearPrompt] = useDraft("new run prompt", "");
  const [children, setChildren] = useState<TypedNumber>();
  const [topK, setTopK] = useState<TypedNumber>();
  const [reviewFirstStep, setReviewFirstStep] = useState(false);
  const [variables, setVariables, clearVariables] = useDraft("new run variables", "");
  const [maxCostUsd, setMaxCostUsd] = useState<TypedNumber>("");
  const [maxJobs, setMaxJobs] = useState<TypedNumber>("");
  const [promptWords, setPromptWords] = useState<string>();
  const [variablesWords, setVariablesWords] = useState<string>();

  const pipeline = pipelines.find((each) => each.name === pipelineName) ?? pipelines[0];
  // Another pipeline has other templates.
  const template = pipeline.approvalTemplates.find((each) => each.name === templateName);
  const n = children ?? pipeline.defaultN;
  const k = topK ?? pipeline.defaultK;
  const gated = pipeline.steps.some(({ gate }) => gate !== "OPEN");
  const own = pipeline.steps.some((step) => ownN(step) !== undefined);
  const wrongN = problemOfN(n);
  const wrongK = gated ? problemOfK(k) : undefined;
  const wrongCost = problemOfMaxCost(maxCostUsd);
  const wrongJobs = problemOfMaxJobs(maxJobs);
  const wrongNumber = [wrongN, wrongK, wrongCost, wrongJobs].some((words) => words !== undefined);
  const errorAt = (field: Field) => (problem?.field === field ? problem.words : undefined);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const parsed = parseVariables(variables);
    if (!parsed.ok) setVariablesWords(parsed.words);
    if (prompt.trim() === "") setPromptWords("Write what the candidates should be");
    if (!parsed.ok || prompt.trim() === "" || wrongNumber) return;
    const runId = await create({
      pipeline: pipeline.name,
      prompt: prompt.trim(),
      // What nobody changed is left out: a step's own N and K then count, such as an agent step's one child.
      ...(children === undefined ? {} : { maxChildrenPerNode: Number(children) }),
      ...(topK === undefined || !gated ? {} : { defaultTopK: Number(topK) }),
      ...(gated ? { reviewFirstStep } : {}),
      ...(template === undefined ? {} : { approvalTemplate: template.name }),
      ...(name.trim() === "" ? {} : { name: name.trim() }),
      ...(limitOf(maxCostUsd) === null ? {} : { maxCostUsd: limitOf(maxCostUsd) }),
      ...(limitOf(maxJobs) === null ? {} : { maxJobs: limitOf(maxJobs) }),
      ...(parsed.value === undefined ? {} : { variables: parsed.value }),
    });
    if (runId === undefined) return;
    clearName();
    clearPrompt();
    clearVariables();
    await navigate({ to: "/runs/$runId", params: { runId } });
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
        {pipeline.approvalTemplates.length > 0 && (
          <NativeSelect
            label="Approval template"
            description={template?.description ?? "Who decides the gates of this run, and with which K."}
            data={[
              { value: "", label: "None: as the pipeline has it" },
              ...pipeline.approvalTemplates.map((each) => each.name),
            ]}
            value={template?.name ?? ""}
            error={errorAt("approvalTemplate")}
            onChange={(event) => setTemplateName(event.currentTarget.value)}
          />
        )}
        <Textarea
          label="Prompt"
          description="What the candidates should be. Every step of the run is given it."
          required
          autosize
          minRows={3}
          maxRows={12}
          value={prompt}
          error={promptWords ?? errorAt("prompt")}
          onChange={(event) => {
            setPrompt(event.currentTarget.value);
            setPromptWords(undefined);
          }}
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
            description={`How many candidates each parent gets, 1 to ${MAX_N}.${own ? " Steps with an N of their own keep it until you change this." : ""}`}
            min={1}
            max={MAX_N}
            clampBehavior="none"
            value={n}
            error={wrongN ?? errorAt("maxChildrenPerNode")}
            onChange={setChildren}
          />
          {gated && (
            <NumberInput
              label="K, candidates that advance"
              description="Proposed at each approval; you can choose another there."
              min={1}
              clampBehavior="none"
              value={k}
              error={wrongK ?? errorAt("defaultTopK")}
              onChange={setTopK}
            />
          )}
        </Group>
        {gated ? (
          <Switch
            label="Review the first step"
            description="On: step 1 waits for a person like every other step. Off: it is approved at once, and its best K advance when it is complete."
            checked={reviewFirstStep}
            onChange={(event) => setReviewFirstStep(event.currentTarget.checked)}
          />
        ) : (
          <Text size="sm" c="dimmed">
            This pipeline has no gates: every candidate advances, and nobody is asked.
          </Text>
        )}
        <BudgetFields
          maxCostUsd={maxCostUsd}
          maxJobs={maxJobs}
          onMaxCostUsd={setMaxCostUsd}
          onMaxJobs={setMaxJobs}
          costProblem={wrongCost ?? errorAt("maxCostUsd")}
          jobsProblem={wrongJobs ?? errorAt("maxJobs")}
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
