import { Button, Group, Modal, NativeSelect, NumberInput, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMutation, useQuery } from "urql";
import { BudgetFields } from "../../components/budget-fields.tsx";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { FormProblem } from "../../components/form-problem.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { toastDone } from "../../components/toast.ts";
import type { ForkDialogQuery as ForkDialogResult } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { errorAt, errorElsewhere, type Problem, problemOf } from "../../lib/problem.ts";
import {
  limitOf,
  MAX_N,
  problemOfK,
  problemOfMaxCost,
  problemOfMaxJobs,
  problemOfN,
  type TypedNumber,
} from "../../lib/typed-number.ts";

const ForkDialogQuery = graphql(`
  query ForkDialog($stepId: ID!) {
    node(id: $stepId) {
      __typename
      ... on RunStep {
        id
        position
        name
        topKCount
        run {
          id
          number
          name
          maxChildrenPerNode
          budget {
            maxCostUsd
            maxJobs
          }
          totalSteps
          approvalTemplate
          pipeline {
            id
            approvalTemplates {
              name
            }
          }
        }
      }
    }
  }
`);

const ForkRunMutation = graphql(`
  mutation ForkRun($input: ForkRunInput!) {
    forkRun(input: $input) {
      __typename
      ... on ForkRunSuccess {
        run {
          id
          number
        }
      }
      ... on InvalidInputError {
        field
      }
      ... on Error {
        message
      }
    }
  }
`);

interface ForkDialogProps {
  readonly stepId: string;
  readonly onClose: () => void;
}

/** A new run that begins with the candidates up to a step: what "create a new run for different settings" means. */
export function ForkDialog({ stepId, onClose }: ForkDialogProps) {
  const [{ data, error }, refetch] = useQuery({ query: ForkDialogQuery, variables: { stepId } });
  const step = data?.node?.__typename === "RunStep" ? data.node : undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      title={step ? `New run from step ${step.position}` : "New run from here"}
      size="lg"
      centered
    >
      {step && <ForkForm step={step} onClose={onClose} />}
      {!data && (
        <LoadState what="step" height={240} error={error} onRetry={() => refetch({ requestPolicy: "network-only" })} />
      )}
      {data && !step && <ErrorPanel title="There is no such step" words="Reload the page to see the run as it is." />}
    </Modal>
  );
}

interface ForkFormProps {
  readonly step: Extract<ForkDialogResult["node"], { __typename: "RunStep" }>;
  readonly onClose: () => void;
}

function ForkForm({ step, onClose }: ForkFormProps) {
  const navigate = useNavigate();
  const { run } = step;
  const templates = run.pipeline.approvalTemplates.map(({ name }) => name);
  const [{ fetching }, send] = useMutation(ForkRunMutation);
  const [name, setName] = useState("");
  // What is not changed is left out: each step then keeps what it has in the other run.
  const [children, setChildren] = useState<TypedNumber>();
  const [topK, setTopK] = useState<TypedNumber>();
  const [template, setTemplate] = useState("");
  const [maxCostUsd, setMaxCostUsd] = useState<TypedNumber>(run.budget.maxCostUsd ?? "");
  const [maxJobs, setMaxJobs] = useState<TypedNumber>(run.budget.maxJobs ?? "");
  const [problem, setProblem] = useState<Problem>();
  const wrongN = children === undefined ? undefined : problemOfN(children);
  const wrongK = topK === undefined ? undefined : problemOfK(topK);
  const wrongCost = problemOfMaxCost(maxCostUsd) ?? keptLimit(run.budget.maxCostUsd, maxCostUsd);
  const wrongJobs = problemOfMaxJobs(maxJobs) ?? keptLimit(run.budget.maxJobs, maxJobs);
  const wrong = [wrongN, wrongK, wrongCost, wrongJobs].some((words) => words !== undefined);
  const follows = step.position < run.totalSteps;
  const fields = [
    "name",
    "defaultTopK",
    "maxCostUsd",
    "maxJobs",
    ...(follows ? ["maxChildrenPerNode"] : []),
    ...(templates.length > 0 ? ["approvalTemplate"] : []),
  ];

  const fork = async () => {
    setProblem(undefined);
    const input = {
      stepId: step.id,
      ...(name.trim() === "" ? {} : { name: name.trim() }),
      ...(children === undefined ? {} : { maxChildrenPerNode: Number(children) }),
      ...(topK === undefined ? {} : { defaultTopK: Number(topK) }),
      ...(limitOf(maxCostUsd) === run.budget.maxCostUsd ? {} : { maxCostUsd: limitOf(maxCostUsd) }),
      ...(limitOf(maxJobs) === run.budget.maxJobs ? {} : { maxJobs: limitOf(maxJobs) }),
      ...(template === "" ? {} : { approvalTemplate: template }),
    };
    const outcome = outcomeOf(await send({ input }), (data) => data.forkRun, "ForkRunSuccess");
    if (!outcome.ok) return setProblem(problemOf(outcome));
    const { id, number } = outcome.value.run;
    toastDone(`Run #${number} begins with the candidates of run #${run.number}.`);
    onClose();
    await navigate({ to: "/runs/$runId", params: { runId: id } });
  };

  return (
    <Stack>
      <Text size="sm">
        The new run takes over the candidates and votes up to step {step.position}, {step.name}, and its gate is decided
        anew. Run #{run.number} is not changed.
      </Text>
      <TextInput
        label="Name (optional)"
        placeholder={run.name}
        value={name}
        error={errorAt(problem, "name")}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <SimpleGrid cols={{ base: 1, xs: follows ? 2 : 1 }} spacing="md" verticalSpacing="md">
        {follows && (
          <NumberInput
            label="N, children per parent"
            min={1}
            max={MAX_N}
            clampBehavior="none"
            value={children ?? run.maxChildrenPerNode}
            error={wrongN ?? errorAt(problem, "maxChildrenPerNode")}
            onChange={setChildren}
          />
        )}
        <NumberInput
          label="K, candidates that advance"
          min={1}
          clampBehavior="none"
          value={topK ?? step.topKCount}
          error={wrongK ?? errorAt(problem, "defaultTopK")}
          onChange={setTopK}
        />
      </SimpleGrid>
      {templates.length > 0 && (
        <NativeSelect
          label="Approval template"
          data={[
            { value: "", label: run.approvalTemplate === null ? "None" : `As in that run (${run.approvalTemplate})` },
            ...templates,
          ]}
          value={template}
          error={errorAt(problem, "approvalTemplate")}
          onChange={(event) => setTemplate(event.currentTarget.value)}
        />
      )}
      <BudgetFields
        maxCostUsd={maxCostUsd}
        maxJobs={maxJobs}
        onMaxCostUsd={setMaxCostUsd}
        onMaxJobs={setMaxJobs}
        costProblem={wrongCost ?? errorAt(problem, "maxCostUsd")}
        jobsProblem={wrongJobs ?? errorAt(problem, "maxJobs")}
      />
      <FormProblem words={errorElsewhere(problem, fields)} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={wrong} loading={fetching} onClick={() => void fork()}>
          Start the new run
        </Button>
      </Group>
    </Stack>
  );
}

/** A fork can have another limit than its run, but not none where that has one. */
function keptLimit(limit: number | null, typed: TypedNumber): string | undefined {
  return limit !== null && limitOf(typed) === null
    ? "That run has a limit, and so has this one: type another"
    : undefined;
}
