import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { BudgetFields } from "../../components/budget-fields.tsx";
import { FormProblem } from "../../components/form-problem.tsx";
import { toastDone } from "../../components/toast.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { errorAt, errorElsewhere, type Problem, problemOf } from "../../lib/problem.ts";
import { limitOf, problemOfMaxCost, problemOfMaxJobs, type TypedNumber } from "../../lib/typed-number.ts";
import { budgetInWords } from "./budget-words.ts";

const SetRunBudgetMutation = graphql(`
  mutation SetRunBudget($input: SetRunBudgetInput!) {
    setRunBudget(input: $input) {
      __typename
      ... on SetRunBudgetSuccess {
        run {
          id
          ...RunHeader_Run
          ...RunWaiting_Run
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

interface BudgetDialogProps {
  readonly run: {
    readonly id: string;
    readonly number: number;
    readonly budget: {
      readonly maxJobs: number | null;
      readonly attemptsStarted: number;
      readonly maxCostUsd: number | null;
      readonly costUsd: number;
    };
  };
  readonly onClose: () => void;
}

/** What a run may spend, to be raised, lowered or lifted. */
export function BudgetDialog({ run, onClose }: BudgetDialogProps) {
  const { budget } = run;
  const [{ fetching }, send] = useMutation(SetRunBudgetMutation);
  const [begun] = useState(budget);
  const [maxCostUsd, setMaxCostUsd] = useState<TypedNumber>(budget.maxCostUsd ?? "");
  const [maxJobs, setMaxJobs] = useState<TypedNumber>(budget.maxJobs ?? "");
  const [problem, setProblem] = useState<Problem>();
  const wrongCost = problemOfMaxCost(maxCostUsd);
  const wrongJobs = problemOfMaxJobs(maxJobs);

  const save = async () => {
    setProblem(undefined);
    const [cost, jobs] = [limitOf(maxCostUsd), limitOf(maxJobs)];
    // A limit that is as it was here may have been set by somebody else meanwhile: it is not put back.
    const input = {
      runId: run.id,
      ...(cost === begun.maxCostUsd ? {} : { maxCostUsd: cost }),
      ...(jobs === begun.maxJobs ? {} : { maxJobs: jobs }),
    };
    const outcome = outcomeOf(await send({ input }), (data) => data.setRunBudget, "SetRunBudgetSuccess");
    if (!outcome.ok) return setProblem(problemOf(outcome));
    toastDone(`The budget of run #${run.number} was changed.`);
    onClose();
  };

  return (
    <Modal opened onClose={onClose} title={`Budget of run #${run.number}`} size="lg" centered>
      <Stack>
        <Text size="sm">
          {spentWords(budget)} Where the budget had stopped a step, retry its failed jobs after raising it.
        </Text>
        <BudgetFields
          maxCostUsd={maxCostUsd}
          maxJobs={maxJobs}
          onMaxCostUsd={setMaxCostUsd}
          onMaxJobs={setMaxJobs}
          costProblem={wrongCost ?? errorAt(problem, "maxCostUsd")}
          jobsProblem={wrongJobs ?? errorAt(problem, "maxJobs")}
        />
        <FormProblem words={errorElsewhere(problem, ["maxCostUsd", "maxJobs"])} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={wrongCost !== undefined || wrongJobs !== undefined}
            loading={fetching}
            onClick={() => void save()}
          >
            Save the budget
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function spentWords(budget: BudgetDialogProps["run"]["budget"]): string {
  const words = budgetInWords(budget);
  return words === undefined ? "Nothing limits this run." : `Spent so far: ${words}.`;
}
