import { useState } from "react";
import { useMutation } from "urql";
import { toastDone } from "../../components/toast.ts";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { readForm } from "./form-document.ts";

const ApplyPipelinesMutation = graphql(`
  mutation ApplyPipelines($input: ApplyPipelinesInput!) {
    applyPipelines(input: $input) {
      __typename
      ... on ApplyPipelinesSuccess {
        pipelines {
          id
          name
          version
        }
      }
      ... on InvalidPipelineError {
        line
      }
      ... on Error {
        message
      }
    }
  }
`);

/**
 * Applies a document, over the version that it was made from and no other.
 *
 * @param name the pipeline that is changed; undefined for a new one
 */
export function useApply(name: string | undefined) {
  const [{ fetching }, send] = useMutation(ApplyPipelinesMutation);
  const [problem, setProblem] = useState<string>();

  /** Resolves to the name of the first pipeline, or to undefined with `problem` set. */
  const apply = async (yaml: string, version: number): Promise<string | undefined> => {
    setProblem(undefined);
    const form = readForm(yaml);
    // Each name once: the document may say one twice, which the server refuses in its own words.
    const names = new Set(form.ok ? form.pipelines.map((each) => each.name.trim()) : []);
    const basedOn = [...names].map((each) => ({ name: each, version: each === name ? version : 0 }));
    const answer = await send({ input: { yaml, basedOn } });
    const outcome = outcomeOf(answer, (data) => data.applyPipelines, "ApplyPipelinesSuccess");
    if (!outcome.ok) {
      const { refusal, words } = outcome;
      const line = refusal?.__typename === "InvalidPipelineError" ? refusal.line : null;
      setProblem(line === null ? words : `Line ${line}: ${words}`);
      return undefined;
    }
    const { pipelines } = outcome.value;
    toastDone(
      pipelines
        .map((each) => {
          const same = each.name === name && each.version === version;
          return same
            ? `${each.name} stays at version ${version}: nothing has changed.`
            : `${each.name} has version ${each.version} now.`;
        })
        .join(" "),
    );
    return pipelines[0]?.name;
  };

  return { apply, working: fetching, problem };
}
