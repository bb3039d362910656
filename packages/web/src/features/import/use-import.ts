import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { type ImportProblem, placed } from "./placed.ts";
import { uploadAsset } from "./upload-asset.ts";

const ImportCandidatesMutation = graphql(`
  mutation ImportCandidates($input: ImportCandidatesInput!) {
    importCandidates(input: $input) {
      __typename
      ... on ImportCandidatesSuccess {
        step {
          id
          ...StepCard_Step
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

export interface ToImport {
  readonly stepId: string;
  readonly parentId: string | undefined;
  readonly source: string;
  readonly files: readonly File[];
  readonly text: string;
}

/** Uploads and then adds, all or nothing. `send` resolves to how many were added, or to undefined with `problem` set. */
export function useImport() {
  const [, importCandidates] = useMutation(ImportCandidatesMutation);
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState<ImportProblem>();

  const send = async ({ stepId, parentId, source, files, text }: ToImport): Promise<number | undefined> => {
    setProblem(undefined);
    const uploads = await uploadAll(files);
    const refused = new Map(uploads.flatMap(({ file, answer }) => (answer.ok ? [] : [[file, answer.words] as const])));
    if (refused.size > 0) {
      setProblem({ words: undefined, files: refused });
      return undefined;
    }
    const common = {
      ...(parentId === undefined ? {} : { parentId }),
      ...(source.trim() === "" ? {} : { source: source.trim() }),
    };
    const candidates = [
      ...uploads.flatMap(({ answer }) => (answer.ok ? [{ ...common, assets: [answer.sha256] }] : [])),
      ...(text.trim() === "" ? [] : [{ ...common, text: text.trim() }]),
    ];
    const outcome = outcomeOf(
      await importCandidates({ input: { stepId, candidates } }),
      (data) => data.importCandidates,
      "ImportCandidatesSuccess",
    );
    if (outcome.ok) return candidates.length;
    setProblem(placed(outcome, files));
    return undefined;
  };

  return {
    working,
    problem,
    async send(what: ToImport) {
      setWorking(true);
      try {
        return await send(what);
      } finally {
        setWorking(false);
      }
    },
  };
}

/** One after the other: a browser that sends fifty pictures at once does nothing else meanwhile. */
async function uploadAll(files: readonly File[]) {
  const uploads = [];
  for (const file of files) uploads.push({ file, answer: await uploadAsset(file) });
  return uploads;
}
