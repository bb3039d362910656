import {
  Alert,
  Button,
  Group,
  NativeSelect,
  NumberInput,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { BudgetFields } from "../../components/budget-fields.tsx";
import { FormProblem } from "../../components/form-problem.tsx";
import type { GatePolicy, StepKind } from "../../gql/generated/graphql.ts";
import type { FragmentType } from "../../gql/generated/index.ts";
import { errorAt, errorElsewhere } from "../../lib/problem.ts";
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
import { missingGenerators, wordsForMissing } from "../pipelines/missing-generators.ts";
import { ownN } from "../pipelines/step-words.ts";
import { FirstStepSwitch } from "./first-step-switch.tsx";
import { PipelineOutline, type PipelineOutline_PipelineFragment } from "./pipeline-outline.tsx";
import { useCreateRun } from "./use-create-run.ts";
import { parseVariables } from "./variables.ts";

type PipelineChoice = FragmentType<typeof PipelineOutline_PipelineFragment> & {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly defaultN: number;
  readonly defaultK: number;
  readonly steps: readonly {
    readonly gate: GatePolicy;
    readonly generator: string | null;
    readonly kind: StepKind;
    readonly maxChildren: number | null;
  }[];
  readonly approvalTemplates: readonly { readonly name: string; readonly description: string | null }[];
};

interface NewRunFormProps {
  readonly pipelines: readonly [PipelineChoice, ...PipelineChoice[]];
  /** Name of the pipeline to begin with, from the address. */
  readonly initial: string | undefined;
  /** The generators that there are. */
  readonly generators: ReadonlySet<string>;
  /** The server has a newer version of the pipeline than is shown. */
  readonly onStale: () => void;
}

/** What somebody has written; a reload does not lose it. */
interface NewRunDraft {
  /** Which pipeline was chosen, on a page that had begun with another one; an address that names one counts more. */
  readonly chosen: { readonly name: string; readonly insteadOf: string | null } | null;
  readonly template: string;
  readonly name: string;
  readonly prompt: string;
  /** N and K; null while nobody has changed them. */
  readonly children: TypedNumber | null;
  readonly topK: TypedNumber | null;
  readonly reviewFirstStep: boolean;
  readonly variables: string;
  readonly maxCostUsd: TypedNumber;
  readonly maxJobs: TypedNumber;
}

/** Fields beside each other stand on one line, however long their descriptions are. */
const AT_THE_END = {
  root: { display: "flex", flexDirection: "column" },
  description: { marginBottom: 5 },
  wrapper: { marginTop: "auto" },
} as const;

const NOTHING_WRITTEN: NewRunDraft = {
  chosen: null,
  template: "",
  name: "",
  prompt: "",
  children: null,
  topK: null,
  reviewFirstStep: false,
  variables: "",
  maxCostUsd: "",
  maxJobs: "",
};

/** Those that every pipeline's form has, as the API calls them. */
const FIELDS = ["pipeline", "prompt", "name", "maxChildrenPerNode", "variables", "maxCostUsd", "maxJobs"];

/** Everything a run starts with. N and K follow the pipeline until somebody changes them. */
export function NewRunForm({ pipelines, initial, generators, onStale }: NewRunFormProps) {
  const navigate = useNavigate();
  const { create, working, problem } = useCreateRun(onStale);
  const [draft, setDraft, clearDraft] = useDraft("new run", NOTHING_WRITTEN);
  const set = (change: Partial<NewRunDraft>) => setDraft((last) => ({ ...last, ...change }));
  const { name, prompt, variables, maxCostUsd, maxJobs, reviewFirstStep } = draft;
  const [children, topK] = [draft.children ?? undefined, draft.topK ?? undefined];
  const [promptWords, setPromptWords] = useState<string>();
  const [variablesWords, setVariablesWords] = useState<string>();

  const wanted = draft.chosen?.insteadOf === (initial ?? null) ? draft.chosen.name : initial;
  const missingOf = (each: PipelineChoice) => wordsForMissing(missingGenerators(each, generators));
  // Pipelines that are made while this is open do not take its place.
  const [first] = useState(() => pipelines.find((each) => missingOf(each) === undefined) ?? pipelines[0]);
  const pipeline =
    pipelines.find((each) => each.name === wanted) ??
    pipelines.find((each) => each.name === first.name) ??
    pipelines[0];
  const [seen, setSeen] = useState(pipeline);
  if (seen.name !== pipeline.name) setSeen(pipeline);
  const missing = missingOf(pipeline);
  // Another pipeline has other templates.
  const template = pipeline.approvalTemplates.find((each) => each.name === draft.template);
  const firstGate = pipeline.steps[0]?.gate ?? "AUTO";
  const n = children ?? pipeline.defaultN;
  const k = topK ?? pipeline.defaultK;
  const gated = pipeline.steps.some(({ gate }) => gate !== "OPEN");
  const own = pipeline.steps.some((step) => ownN(step) !== undefined);
  const wrongN = problemOfN(n);
  const wrongK = gated ? problemOfK(k) : undefined;
  const wrongCost = problemOfMaxCost(maxCostUsd);
  const wrongJobs = problemOfMaxJobs(maxJobs);
  const wrongNumber = [wrongN, wrongK, wrongCost, wrongJobs].some((words) => words !== undefined);
  const templates = pipeline.approvalTemplates.length > 0;
  const fields = [...FIELDS, ...(templates ? ["approvalTemplate"] : []), ...(gated ? ["defaultTopK"] : [])];

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const parsed = parseVariables(variables);
    if (!parsed.ok) setVariablesWords(parsed.words);
    if (prompt.trim() === "") setPromptWords("Write what the candidates should be");
    if (!parsed.ok || prompt.trim() === "" || wrongNumber || missing !== undefined) return;
    const runId = await create({
      pipeline: pipeline.name,
      pipelineVersion: pipeline.version,
      prompt: prompt.trim(),
      // What nobody changed is left out: a step's own N and K then count, such as an agent step's one child.
      ...(children === undefined ? {} : { maxChildrenPerNode: Number(children) }),
      ...(topK === undefined || !gated ? {} : { defaultTopK: Number(topK) }),
      ...(gated && firstGate !== "MANUAL" ? { reviewFirstStep } : {}),
      ...(template === undefined ? {} : { approvalTemplate: template.name }),
      ...(name.trim() === "" ? {} : { name: name.trim() }),
      ...(limitOf(maxCostUsd) === null ? {} : { maxCostUsd: limitOf(maxCostUsd) }),
      ...(limitOf(maxJobs) === null ? {} : { maxJobs: limitOf(maxJobs) }),
      ...(parsed.value === undefined ? {} : { variables: parsed.value }),
    });
    if (runId === undefined) return;
    clearDraft();
    await navigate({ to: "/runs/$runId", params: { runId } });
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate aria-label="New run">
      <Stack gap="md">
        <NativeSelect
          label="Pipeline"
          data={pipelines.map((each) => {
            const gone = missingOf(each) !== undefined;
            return {
              value: each.name,
              label: gone ? `${each.name} (its generator is missing)` : each.name,
              disabled: gone,
            };
          })}
          value={pipeline.name}
          error={missing ?? errorAt(problem, "pipeline")}
          onChange={(event) => set({ chosen: { name: event.currentTarget.value, insteadOf: initial ?? null } })}
        />
        {pipeline.version > seen.version && (
          <Alert color="amber" variant="light" role="status" p="xs" px="sm">
            The pipeline was changed while this was open. What is shown now is version {pipeline.version}; what you have
            typed stays.
          </Alert>
        )}
        <PipelineOutline
          pipeline={pipeline}
          n={children}
          k={topK}
          template={template?.name}
          reviewFirstStep={reviewFirstStep && gated}
        />
        {templates && (
          <NativeSelect
            label="Approval template"
            description={template?.description ?? "Who decides the gates of this run, and with which K."}
            data={[
              { value: "", label: "None: as the pipeline has it" },
              ...pipeline.approvalTemplates.map((each) => each.name),
            ]}
            value={template?.name ?? ""}
            error={errorAt(problem, "approvalTemplate")}
            onChange={(event) => set({ template: event.currentTarget.value })}
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
          error={promptWords ?? errorAt(problem, "prompt")}
          onChange={(event) => {
            set({ prompt: event.currentTarget.value });
            setPromptWords(undefined);
          }}
        />
        <TextInput
          label="Name (optional)"
          description="Without one, Sluice names the run."
          value={name}
          error={errorAt(problem, "name")}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="md">
          <NumberInput
            label="N, children per parent"
            styles={AT_THE_END}
            description={`How many candidates each parent gets, 1 to ${MAX_N}.${own ? " Steps with an N of their own keep it until you change this." : ""}`}
            min={1}
            max={MAX_N}
            clampBehavior="none"
            value={n}
            error={wrongN ?? errorAt(problem, "maxChildrenPerNode")}
            onChange={(value) => set({ children: value })}
          />
          {gated && (
            <NumberInput
              label="K, candidates that advance"
              styles={AT_THE_END}
              description="Proposed at each gate, where it can be changed."
              min={1}
              clampBehavior="none"
              value={k}
              error={wrongK ?? errorAt(problem, "defaultTopK")}
              onChange={(value) => set({ topK: value })}
            />
          )}
        </SimpleGrid>
        {gated ? (
          <FirstStepSwitch
            gate={firstGate}
            checked={reviewFirstStep}
            onChange={(checked) => set({ reviewFirstStep: checked })}
          />
        ) : (
          <Text size="sm" c="dimmed">
            This pipeline has no gates: every candidate advances, and nobody is asked.
          </Text>
        )}
        <BudgetFields
          maxCostUsd={maxCostUsd}
          maxJobs={maxJobs}
          onMaxCostUsd={(value) => set({ maxCostUsd: value })}
          onMaxJobs={(value) => set({ maxJobs: value })}
          costProblem={wrongCost ?? errorAt(problem, "maxCostUsd")}
          jobsProblem={wrongJobs ?? errorAt(problem, "maxJobs")}
        />
        <Textarea
          label="Variables (optional)"
          description={'One JSON object for the generators, such as { "season": "autumn" }.'}
          autosize
          minRows={2}
          maxRows={12}
          value={variables}
          error={variablesWords ?? errorAt(problem, "variables")}
          onChange={(event) => {
            set({ variables: event.currentTarget.value });
            // Not on blur: the words would leave between pressing "Start run" and letting go, and move it away.
            setVariablesWords(undefined);
          }}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          spellCheck={false}
        />
        <FormProblem words={errorElsewhere(problem, fields)} />
        <Group justify="flex-end">
          <Button type="submit" loading={working}>
            Start run
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
