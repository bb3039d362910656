import { useState } from "react";
import { useMutation } from "urql";
import type { CreateRunMutationVariables } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { type Problem, problemOf } from "../../lib/problem.ts";

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

/**
 * Starts a run. `create` resolves to the new run's id, or to undefined with `problem` set.
 *
 * @param onStale the pipeline that is shown is not the newest
 */
export function useCreateRun(onStale: () => void) {
  const [{ fetching }, send] = useMutation(CreateRunDocument);
  const [problem, setProblem] = useState<Problem>();

  const create = async (input: CreateRunMutationVariables["input"]): Promise<string | undefined> => {
    setProblem(undefined);
    const outcome = outcomeOf(await send({ input }), (data) => data.createRun, "CreateRunSuccess");
    if (outcome.ok) return outcome.value.run.id;
    if (outcome.refusal?.__typename === "StalePipelineError") onStale();
    setProblem(problemOf(outcome));
    return undefined;
  };

  return { create, working: fetching, problem };
}
