import { useState } from "react";
import { useMutation } from "urql";
import type { CreateRunMutationVariables } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { type Field, fieldOf } from "./field-errors.ts";

const CreateRunDocument = graphql(`
  mutation CreateRun($input: CreateRunInput!) {
    createRun(input: $input) {
      __typename
      ... on CreateRunSuccess {
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

export interface CreateRunProblem {
  readonly words: string;
  /** The form's field it is about, when it is about one. */
  readonly field: Field | undefined;
}

/**
 * Starts a run. `create` resolves to the new run's id, or to undefined with `problem` set.
 *
 * @param onStale the pipeline that is shown is not the newest
 */
export function useCreateRun(onStale: () => void) {
  const [{ fetching }, send] = useMutation(CreateRunDocument);
  const [problem, setProblem] = useState<CreateRunProblem>();

  const create = async (input: CreateRunMutationVariables["input"]): Promise<string | undefined> => {
    setProblem(undefined);
    const outcome = outcomeOf(await send({ input }), (data) => data.createRun, "CreateRunSuccess");
    if (outcome.ok) return outcome.value.run.id;
    const { refusal, words } = outcome;
    if (refusal?.__typename === "StalePipelineError") onStale();
    setProblem({ words, field: refusal?.__typename === "InvalidInputError" ? fieldOf(refusal.field) : undefined });
    return undefined;
  };

  return { create, working: fetching, problem };
}
