import { useState } from "react";
import { useMutation } from "urql";
import type { UpdateProfileMutationVariables } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { type Problem, problemOf } from "../../lib/problem.ts";

const UpdateProfileDocument = graphql(`
  mutation UpdateProfile($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      __typename
      ... on UpdateProfileSuccess {
        viewer {
          id
          name
          email
          emailConfirmed
          emailNotifications
          hasPassword
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

/** Changes something about oneself. `update` resolves to whether it went through; else `problem` says why not. */
export function useUpdateProfile() {
  const [{ fetching }, send] = useMutation(UpdateProfileDocument);
  const [problem, setProblem] = useState<Problem>();
  const update = async (input: UpdateProfileMutationVariables["input"]): Promise<boolean> => {
    const outcome = outcomeOf(await send({ input }), (data) => data.updateProfile, "UpdateProfileSuccess");
    setProblem(outcome.ok ? undefined : problemOf(outcome));
    return outcome.ok;
  };
  return { update, working: fetching, problem };
}
